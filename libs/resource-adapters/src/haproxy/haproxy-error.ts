/** Why HAProxy could not be read or told; closed set. */
export type HaproxyErrorCode =
  /** The call itself cannot be: a name with a blank, a weight of 300, an address without a port. */
  | 'INVALID'
  /** Nothing listens there, or this user may not connect. */
  | 'UNREACHABLE'
  /** It did not answer in the time given. */
  | 'NO_ANSWER'
  /** The answer ended before its end. */
  | 'CUT_SHORT'
  /** The answer is longer than is read. */
  | 'TOO_LARGE'
  /** The answer is none that HAProxy gives. */
  | 'GARBAGE'
  /** The answer is an old one: the uptime in it does not pass. */
  | 'STALE'
  /** The socket's level does not permit it. */
  | 'DENIED'
  /** This version does not know the command. */
  | 'UNSUPPORTED'
  /** There is no such backend or server. */
  | 'NOT_FOUND'
  /** It said no, in words of its own. */
  | 'REFUSED'
  /** It took the command, and what it was to change is not changed. */
  | 'IGNORED';

const nextSteps: Record<HaproxyErrorCode, string> = {
  INVALID: 'correct the call',
  UNREACHABLE: 'look whether HAProxy runs, and whether `stats socket` names this address and mode',
  NO_ANSWER: 'look whether HAProxy hangs, or give it more time',
  CUT_SHORT: 'ask again; if it stays so, raise `stats timeout`',
  TOO_LARGE: 'raise answerBytesMax, or look what listens there',
  GARBAGE: 'look whether it is the runtime API of HAProxy that listens there',
  STALE: 'look what stands between here and HAProxy, and whether its process hangs',
  DENIED: 'give the socket `level admin`',
  UNSUPPORTED: 'use HAProxy 2.6 or newer',
  NOT_FOUND: 'compare the names with `show servers state`',
  REFUSED: 'see what HAProxy says',
  IGNORED: 'look who else changes this backend',
};

/** What, why, next step. */
export class HaproxyError extends Error {
  readonly code: HaproxyErrorCode;
  readonly nextStep: string;

  /** @param what one sentence without its end, with the number and the limit where there is one */
  constructor(code: HaproxyErrorCode, what: string, cause?: unknown) {
    super(`${what}; ${nextSteps[code]}`, { cause });
    this.name = 'HaproxyError';
    this.code = code;
    this.nextStep = nextSteps[code];
  }
}
