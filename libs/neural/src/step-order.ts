/** Sizes of a batch of sequences. */
export interface SequenceSizes {
  steps: number;
  batch: number;
  width: number;
}

/**
 * From [batch, steps, width], as callers give it, to [steps, batch, width], as layers keep it.
 * @returns `target`
 */
export function toStepOrder(
  source: Float32Array,
  target: Float32Array,
  { steps, batch, width }: SequenceSizes,
): Float32Array {
  return swap(source, target, { outer: batch, inner: steps, width });
}

/** From [steps, batch, width] to [batch, steps, width]. @returns `target` */
export function toBatchOrder(
  source: Float32Array,
  target: Float32Array,
  { steps, batch, width }: SequenceSizes,
): Float32Array {
  return swap(source, target, { outer: steps, inner: batch, width });
}

function swap(
  source: Float32Array,
  target: Float32Array,
  { outer, inner, width }: { outer: number; inner: number; width: number },
): Float32Array {
  if (outer === 1 || inner === 1) {
    target.set(source.subarray(0, outer * inner * width));
    return target;
  }
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const from = (a * inner + b) * width;
      const to = (b * outer + a) * width;
      for (let i = 0; i < width; i++) target[to + i] = source[from + i] as number;
    }
  }
  return target;
}
