/**
 * How far the members of an ensemble agree: 1 - variance between members / variance of the training
 * targets, the mean over the outputs, clipped to 0..1 (SPEC 3.3). 1: they say the same; 0: they
 * differ as much as any two targets do. A single member cannot disagree and has no coherence, 0.
 * @param options.outputs [member][output]
 * @param options.targetVariance of each output in training
 * @param options.scale what one unit of the training targets is in the outputs; default 1
 */
export function coherenceOf(options: {
  outputs: readonly (readonly number[])[];
  targetVariance: readonly number[];
  scale?: number | undefined;
}): number {
  const { outputs, targetVariance, scale = 1 } = options;
  const members = outputs.length;
  if (members < 2 || !(scale > 0)) return 0;
  let sum = 0;
  for (let index = 0; index < targetVariance.length; index++) {
    const mean =
      outputs.reduce((total, output) => total + (output[index] ?? Number.NaN), 0) / members;
    const squares = outputs.reduce(
      (total, output) => total + ((output[index] as number) - mean) ** 2,
      0,
    );
    const between = squares / members / (scale * scale);
    sum += 1 - between / Math.max(targetVariance[index] as number, Number.MIN_VALUE);
  }
  const coherence = sum / targetVariance.length;
  return coherence > 0 ? Math.min(1, coherence) : 0;
}

/**
 * The same for probabilities: 1 - Jensen-Shannon divergence of the members' distributions, in bits
 * over the logarithm of their number (Lin 1991), so that members that exclude each other have 0.
 * @param members [member][outcome], each summing to 1
 */
export function coherenceOfProbabilities(members: readonly (readonly number[])[]): number {
  const count = members.length;
  const outcomes = members[0]?.length ?? 0;
  if (count < 2 || outcomes === 0) return 0;
  const middle = Array.from(
    { length: outcomes },
    (_, index) => members.reduce((sum, member) => sum + (member[index] as number), 0) / count,
  );
  const own = members.reduce((sum, member) => sum + entropy(member), 0) / count;
  const coherence = 1 - (entropy(middle) - own) / Math.log(count);
  return coherence > 0 ? Math.min(1, coherence) : 0;
}

function entropy(probabilities: readonly number[]): number {
  return -probabilities.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
}
