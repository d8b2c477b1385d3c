/** A clone that cannot be made ready: what happened, why, and what to do next. */
export class BootstrapError extends Error {
  /** @param {{ what: string, why: string, next: string, cause?: unknown }} parts */
  constructor({ what, why, next, cause }) {
    super(what, { cause });
    this.name = 'BootstrapError';
    this.why = why;
    this.next = next;
  }

  /** Three lines for a terminal. */
  report() {
    return `levitate: ${this.message}\n  why: ${this.why}\n  next: ${this.next}`;
  }
}
