import { PgbouncerError } from './pgbouncer-error.ts';

/** Where a failure happened. */
export interface Doing {
  /** What was tried, on what. */
  what: string;
  phase: 'connect' | 'command';
}

/**
 * What went wrong on a connection, in our words. The package `pg` throws errors of the system
 * (with an errno), of the server (with a severity), and plain ones of its own.
 */
export function connectionFault(cause: unknown, { what, phase }: Doing): PgbouncerError {
  if (cause instanceof PgbouncerError) return cause;
  const {
    code: errno,
    severity,
    message,
  } = cause as Partial<NodeJS.ErrnoException> & {
    severity?: unknown;
  };
  const why = message === undefined || message === '' ? String(errno ?? cause) : message;
  if (typeof severity === 'string') return serverFault({ what, why, phase, cause });
  if (isOfSystem(errno)) {
    const next = 'see that PgBouncer runs and that host and port are right';
    const code = phase === 'connect' ? 'unreachable' : 'lost';
    return new PgbouncerError({ code, what, why, next, cause });
  }
  if (/terminated|ended|closed/i.test(why)) {
    const next = 'see the log of PgBouncer; the next command connects anew';
    return new PgbouncerError({ code: 'lost', what, why, next, cause });
  }
  const next = 'see that it is PgBouncer which listens there';
  return new PgbouncerError({ code: 'bad-answer', what, why, next, cause });
}

function serverFault(fault: { what: string; why: string; phase: Doing['phase']; cause: unknown }) {
  const { phase, ...detail } = fault;
  if (phase === 'command') {
    const next = 'see SHOW HELP for what this version of PgBouncer takes';
    return new PgbouncerError({ ...detail, code: 'rejected-command', next });
  }
  const next = 'name a user of admin_users (pgbouncer.ini) and its password file';
  return new PgbouncerError({ ...detail, code: 'refused', next });
}

/** Errnos are in capitals; codes of Node begin with `ERR_`. */
function isOfSystem(errno: unknown): boolean {
  return typeof errno === 'string' && /^E[A-Z]+$/.test(errno);
}
