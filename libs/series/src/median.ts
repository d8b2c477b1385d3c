/**
 * The median, of an even number of values the mean of the two in the middle; `undefined` of none.
 *
 * @param values without NaN, in any order; they stay as they are
 */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return (lower + upper) / 2;
}
