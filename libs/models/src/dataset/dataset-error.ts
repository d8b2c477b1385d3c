/** A folder that is no dataset, or a torn one: what and why in the message, then what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  /** What to do about it. */
  readonly nextStep = 'make it again: levitate dataset CAPTURE... --out FOLDER';

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} ${why}`, options);
  }
}
