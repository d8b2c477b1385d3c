/** Deviations above the median that still count as noise. */
const deviations = 3;

/**
 * Ground state g of SPEC 4.2: median + 3 MAD of what was seen, robust against the few large values
 * that bursts are. An empty history has no noise: 0.
 */
export function noiseFloor(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const centre = median(values);
  return centre + deviations * median(values.map((value) => Math.abs(value - centre)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
