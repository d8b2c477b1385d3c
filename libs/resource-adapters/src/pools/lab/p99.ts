/** 99th percentile: the least value that 99 in a hundred do not exceed; 0 of none. */
export function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0;
}
