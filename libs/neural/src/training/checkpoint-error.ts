/** Why a checkpoint is not carried on from. */
export type CheckpointErrorCode =
  /** Another recipe, seed or data: going on would give weights that nothing gives again. */
  | 'other-training'
  /** Not all of it is there, or it is no checkpoint at all. */
  | 'damaged';

/** A checkpoint that cannot be carried on from: what and why in the message, then what to do. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly code: CheckpointErrorCode;
  /** What to do about it. */
  readonly nextStep: string;

  constructor(parts: { code: CheckpointErrorCode; file: string; why: string; cause?: unknown }) {
    super(`${parts.file} ${parts.why}`, { cause: parts.cause });
    this.code = parts.code;
    const otherwise = parts.code === 'damaged' ? '' : ', or train as it was made';
    this.nextStep = `remove ${parts.file} to begin anew${otherwise}`;
  }
}

/**
 * In what two descriptions of a training differ, for a reader: `batch is 8 there, 16 here`.
 * @param there of the checkpoint, JSON
 * @param here of the training that would go on from it, JSON
 */
export function identityDifference(there: string, here: string): string {
  const [one, other] = [leavesOf(there), leavesOf(here)];
  const names = [...new Set([...one.keys(), ...other.keys()])];
  const differing = names.filter((name) => one.get(name) !== other.get(name));
  const [first = '', ...rest] = differing.map(
    (name) =>
      `${name} is ${one.get(name) ?? 'not set'} there, ${other.get(name) ?? 'not set'} here`,
  );
  const more = rest.length > SHOWN ? [`and ${rest.length - SHOWN} more`] : [];
  return [first, ...rest.slice(0, SHOWN), ...more].join('; ');
}

/** Differences told after the first. */
const SHOWN = 3;

/** Every plain value by its path: `spec.layers.0.units`. */
function leavesOf(json: string): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) {
      leaves.set(path, JSON.stringify(value));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      visit(inner, path === '' ? key : `${path}.${key}`);
    }
  };
  try {
    visit(JSON.parse(json), '');
  } catch {
    leaves.set('description', JSON.stringify(json));
  }
  return leaves;
}
