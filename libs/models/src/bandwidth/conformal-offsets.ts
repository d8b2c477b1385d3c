import type { QuantileOffset } from './bandwidth-outputs.ts';

/** A stated interval and what came, counted in units of the window's scale. */
export interface ScaledInterval {
  low: number;
  high: number;
  actual: number;
  /** What the case counts: sets of few windows may count as much as sets of many. */
  weight: number;
}

/**
 * Offsets that make each tail hold what it should, if what comes is like what came: conformalized
 * quantile regression (Romano, Patterson and Candes, NeurIPS 2019), each tail for itself, cases
 * weighted.
 * @param options.tail share that may lie beyond each bound, e.g. 0.1 for an 80 % interval
 */
export function conformalOffsets(
  cases: readonly ScaledInterval[],
  { tail }: { tail: number },
): QuantileOffset {
  const level = 1 - tail;
  const below = cases.map(({ low, actual, weight }) => ({ value: low - actual, weight }));
  const above = cases.map(({ high, actual, weight }) => ({ value: actual - high, weight }));
  return { low: 0 - weightedQuantile(below, level), high: weightedQuantile(above, level) };
}

/** The least value at or below which `q` of all weight lies, one more case of it included. */
function weightedQuantile(cases: { value: number; weight: number }[], q: number): number {
  const sorted = cases.toSorted((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = q * total * (1 + 1 / Math.max(1, sorted.length));
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= wanted) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}
