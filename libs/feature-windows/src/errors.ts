/**
 * `unavailable`: what is behind the windows cannot be reached. `malformed`: an entry that is not a
 * sample. `closed`: used after close.
 */
export type FeatureWindowsErrorCode = 'unavailable' | 'malformed' | 'closed';

/** The one error type of this library; `code` is a closed set. */
export class FeatureWindowsError extends Error {
  readonly code: FeatureWindowsErrorCode;

  constructor(code: FeatureWindowsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FeatureWindowsError';
    this.code = code;
  }
}
