/** What can be wrong with a liquid network that is handed in. */
export type LiquidErrorCode = 'bad-config' | 'bad-parameter' | 'bad-input';

/** A liquid network cannot be built from, or run on, what was given; the text says what and why. */
export class LiquidError extends Error {
  override readonly name = 'LiquidError';
  readonly code: LiquidErrorCode;

  constructor(code: LiquidErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
