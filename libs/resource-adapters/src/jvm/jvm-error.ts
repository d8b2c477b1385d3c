/** What kept a JVM from being asked or told. */
export type JvmErrorCode =
  /** No JVM has this process id or main class. */
  | 'no-such-jvm'
  /** Nobody listens where the JVM or its agent should. */
  | 'unreachable'
  /** No answer in time: hung, stopped, or in a long pause. */
  | 'no-answer'
  /** The JVM or its agent does not let us: user, password, attach disabled. */
  | 'refused'
  /** The JVM has no such flag, cannot change it while it runs, or finds the value impossible. */
  | 'not-manageable'
  /** The answer is none that a JVM gives. */
  | 'garbage'
  /** The answer is longer than was allowed. */
  | 'too-long'
  /** The sizes that were configured are not this JVM's. */
  | 'beyond-maximum'
  /** So small a ceiling would leave no room above what is live. */
  | 'below-live';

/** A JVM could not be measured or changed; the text says what, why and what next. */
export class JvmError extends Error {
  override readonly name = 'JvmError';
  readonly code: JvmErrorCode;

  constructor(code: JvmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
