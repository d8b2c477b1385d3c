/** Why a server could not listen. */
export type ListenErrorCode = 'PORT_IN_USE' | 'NO_PERMISSION' | 'NO_SUCH_ADDRESS' | 'FAILED';

/** A server could not take its address: what, why and what to do next. */
export class ListenError extends Error {
  readonly code: ListenErrorCode;
  /** Address that was asked for. */
  readonly listen: string;
  /** What a person should do. */
  readonly nextStep: string;

  constructor(parts: { listen: string; why: string; cause?: unknown }) {
    const code = codeOf(parts.why);
    const nextStep = nextSteps[code];
    super(`cannot listen on ${parts.listen}: ${reasons[code]}; ${nextStep}`, {
      cause: parts.cause ?? parts.why,
    });
    this.name = 'ListenError';
    this.code = code;
    this.listen = parts.listen;
    this.nextStep = nextStep;
  }
}

const reasons: Readonly<Record<ListenErrorCode, string>> = {
  PORT_IN_USE: 'another process has this port',
  NO_PERMISSION: 'this user may not use this port',
  NO_SUCH_ADDRESS: 'this host has no such address',
  FAILED: 'the system refused it',
};

const nextSteps: Readonly<Record<ListenErrorCode, string>> = {
  PORT_IN_USE: 'stop that process (`ss -ltnp` names it) or choose another with --listen',
  NO_PERMISSION: 'choose a port from 1024 up with --listen',
  NO_SUCH_ADDRESS: 'choose one that `ip address` shows with --listen, or 127.0.0.1',
  FAILED: 'choose another address with --listen',
};

function codeOf(why: string): ListenErrorCode {
  if (why.includes('EADDRINUSE')) return 'PORT_IN_USE';
  if (why.includes('EACCES')) return 'NO_PERMISSION';
  if (/EADDRNOTAVAIL|ENOTFOUND|Name resolution|resolve/.test(why)) return 'NO_SUCH_ADDRESS';
  return 'FAILED';
}
