/** A histogram as Prometheus counts it: how many were at most so large, by upper edge. */
export type HistogramBuckets = ReadonlyMap<number, number>;

/** Sum of a metric over its labels; `undefined` where the text has none of that name. */
export function metricSum(text: string, name: string): number | undefined {
  let sum: number | undefined;
  for (const { metric, value } of samplesOf(text)) {
    if (metric === name) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** The buckets of a histogram, summed over its other labels; empty where there is none. */
export function histogramBuckets(text: string, name: string): HistogramBuckets {
  const buckets = new Map<number, number>();
  for (const { metric, labels, value } of samplesOf(text)) {
    if (metric !== `${name}_bucket`) continue;
    const edge = /(?:^|,)le="([^"]+)"/.exec(labels)?.[1];
    if (edge === undefined) continue;
    const upper = edge === '+Inf' ? Number.POSITIVE_INFINITY : Number(edge);
    buckets.set(upper, (buckets.get(upper) ?? 0) + value);
  }
  return buckets;
}

/** What was counted between two readings of one histogram. */
export function bucketsSince(before: HistogramBuckets, after: HistogramBuckets): HistogramBuckets {
  return new Map([...after].map(([edge, count]) => [edge, count - (before.get(edge) ?? 0)]));
}

/** How many values a histogram counted. */
export function bucketsCount(buckets: HistogramBuckets): number {
  return Math.max(0, ...buckets.values());
}

/**
 * A quantile by linear interpolation within its bucket, as PromQL's `histogram_quantile` has it.
 * Beyond the last finite edge it is that edge; `undefined` when nothing was counted.
 */
export function bucketsQuantile(buckets: HistogramBuckets, q: number): number | undefined {
  const count = bucketsCount(buckets);
  if (count === 0) return undefined;
  const target = q * count;
  let lower = 0;
  let below = 0;
  for (const [edge, atMost] of [...buckets].toSorted(([a], [b]) => a - b)) {
    if (atMost >= target) {
      if (!Number.isFinite(edge)) return lower;
      if (atMost === below) return edge;
      return lower + ((edge - lower) * (target - below)) / (atMost - below);
    }
    lower = edge;
    below = atMost;
  }
  return lower;
}

function* samplesOf(text: string): Generator<{ metric: string; labels: string; value: number }> {
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)/.exec(line);
    if (match === null) continue;
    const value = Number(match[3]);
    if (Number.isFinite(value)) yield { metric: match[1] ?? '', labels: match[2] ?? '', value };
  }
}
