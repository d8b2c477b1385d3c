/** What kept memory from being measured or limited. */
export type MemoryErrorCode =
  /** There is no such group, or it has ended. */
  | 'no-such-group'
  /** The kernel, or the rights of this process, do not let us. */
  | 'refused'
  /** What is in use cannot be pushed below the limit. */
  | 'in-use'
  /** The kernel's file holds no number. */
  | 'garbage'
  /** The worker has ended, or does not answer. */
  | 'no-worker';

/** Memory could not be measured or limited; the text says what, why and what next. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
  readonly code: MemoryErrorCode;

  constructor(code: MemoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
