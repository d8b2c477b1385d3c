/** Every way a pool of workers can fail a task. Closed: a reader may switch over it. */
export type WorkerPoolErrorCode =
  /** As many tasks wait as the bound in the text. */
  | 'queue-full'
  /** The task waited for a worker longer than the bound in the text. */
  | 'queue-timeout'
  /** Its signal was aborted. A worker that was at it was ended and replaced. */
  | 'aborted'
  /** The worker that was at it ended: `process.exit`, out of memory, an error nobody caught. */
  | 'worker-crashed'
  /** No worker starts: the module cannot be loaded, or has no default function. */
  | 'start-failed'
  /** The pool is closed. */
  | 'closed';

/** A task was not done; the message says why and the next step. Errors of the task are its own. */
export class WorkerPoolError extends Error {
  readonly code: WorkerPoolErrorCode;

  constructor(detail: { code: WorkerPoolErrorCode; why: string; next: string; cause?: unknown }) {
    super(`${detail.why}. Next: ${detail.next}`, { cause: detail.cause });
    this.name = 'WorkerPoolError';
    this.code = detail.code;
  }
}
