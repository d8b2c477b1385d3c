/** Why a model file was refused. */
export type ModelErrorCode =
  /** No such folder or file, or it cannot be read. */
  | 'missing'
  /** The manifest is no manifest of this format. */
  | 'malformed'
  /** The weights are not those the manifest describes: their length or hash differs. */
  | 'corrupt'
  /** The manifest's parts do not fit each other, or its network cannot be built. */
  | 'shape'
  /** The model was trained on other features than those it would be given. */
  | 'features'
  /** The numbers of the model are no numbers, or it answers nonsense. */
  | 'unsound';

/** A model that cannot be served: what and why in the message, what to do in `nextStep`. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  /** What to do about it. */
  readonly nextStep: string;

  constructor(parts: {
    code: ModelErrorCode;
    message: string;
    nextStep: string;
    cause?: unknown;
  }) {
    super(parts.message, { cause: parts.cause });
    this.code = parts.code;
    this.nextStep = parts.nextStep;
  }
}
