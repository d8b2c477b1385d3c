/**
 * `unavailable`: what is behind the windows cannot be reached. `malformed`: an entry that is not a
 * sample. `closed`: used after close. `password-unreadable`: the password file of Redis.
 */
export type FeatureWindowsErrorCode =
  | 'unavailable'
  | 'malformed'
  | 'closed'
  | 'password-unreadable';

/** The one error type of this library; `code` is a closed set. */
export class FeatureWindowsError extends Error {
  readonly code: FeatureWindowsErrorCode;
  /** What a person can do about it, where that is known; the message ends with it. */
  readonly nextStep: string | undefined;

  constructor(
    code: FeatureWindowsErrorCode,
    message: string,
    { nextStep, cause }: { nextStep?: string; cause?: unknown } = {},
  ) {
    super(nextStep === undefined ? message : `${message}; ${nextStep}`, { cause });
    this.name = 'FeatureWindowsError';
    this.code = code;
    this.nextStep = nextStep;
  }
}
