import { describe, expect, it } from 'vitest';
import {
  bucketsCount,
  bucketsQuantile,
  bucketsSince,
  histogramBuckets,
  metricSum,
} from './prometheus-text.ts';

const text = (scale: number) => `# HELP work_seconds Work.
# TYPE work_seconds histogram
work_seconds_bucket{target="a b",le="0.001"} ${50 * scale}
work_seconds_bucket{target="a b",le="0.005"} ${100 * scale}
work_seconds_bucket{target="a b",le="+Inf"} ${100 * scale}
work_seconds_bucket{target="c",le="0.001"} ${20 * scale}
work_seconds_bucket{target="c",le="0.005"} ${60 * scale}
work_seconds_bucket{target="c",le="+Inf"} ${100 * scale}
work_seconds_sum{target="c"} 0.2
missed_total{target="a"} 3
missed_total{target="c"} 4
missed_total_by_day 100
`;

describe('prometheus text', () => {
  it('sums a metric over its labels, and no other metric of like name', () => {
    expect(metricSum(text(1), 'missed_total')).toBe(7);
    expect(metricSum(text(1), 'no_such')).toBeUndefined();
  });

  it('takes the quantile of what was counted between two readings', () => {
    const before = histogramBuckets(text(1), 'work_seconds');
    const after = histogramBuckets(text(3), 'work_seconds');
    const since = bucketsSince(before, after);
    expect(bucketsCount(since)).toBe(400);
    // 140 of 400 within 1 ms, 320 within 5 ms: the median is a third of the way up.
    expect(bucketsQuantile(since, 0.5)).toBeCloseTo(0.001 + (0.004 * 60) / 180, 12);
    expect(bucketsQuantile(since, 0.1)).toBeCloseTo((0.001 * 40) / 140, 12);
  });

  it('does not invent a value beyond the last edge', () => {
    const buckets = histogramBuckets(text(1), 'work_seconds');
    expect(bucketsQuantile(buckets, 0.99)).toBe(0.005);
  });

  it('says nothing where nothing was counted', () => {
    expect(bucketsQuantile(histogramBuckets(text(0), 'work_seconds'), 0.99)).toBeUndefined();
    expect(bucketsQuantile(histogramBuckets('', 'work_seconds'), 0.99)).toBeUndefined();
  });
});
