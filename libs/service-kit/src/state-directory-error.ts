/** Why a state directory could not be used. */
export type StateDirectoryErrorCode = 'LOCKED' | 'NO_PERMISSION' | 'DISK_FULL' | 'FAILED';

/** What, why, next step. */
export class StateDirectoryError extends Error {
  readonly code: StateDirectoryErrorCode;
  readonly nextStep: string;

  constructor(parts: {
    code: StateDirectoryErrorCode;
    message: string;
    nextStep: string;
    cause?: unknown;
  }) {
    super(`${parts.message}; ${parts.nextStep}`, { cause: parts.cause });
    this.name = 'StateDirectoryError';
    this.code = parts.code;
    this.nextStep = parts.nextStep;
  }

  /** Translates an error of the file system. */
  static from(cause: unknown, doing: string): StateDirectoryError {
    if (cause instanceof StateDirectoryError) return cause;
    const { code: errno, message: why } = cause as NodeJS.ErrnoException;
    const message = `${doing}: ${why}`;
    if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') {
      const nextStep = 'make the folder writable or choose another with --state-directory';
      return new StateDirectoryError({ code: 'NO_PERMISSION', message, nextStep, cause });
    }
    if (errno === 'ENOSPC' || errno === 'EDQUOT') {
      const nextStep = 'free some space; nothing that was written before is lost';
      return new StateDirectoryError({ code: 'DISK_FULL', message, nextStep, cause });
    }
    const nextStep = 'see the cause';
    return new StateDirectoryError({ code: 'FAILED', message, nextStep, cause });
  }
}
