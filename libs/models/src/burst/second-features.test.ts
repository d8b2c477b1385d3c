import type { Sample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import {
  BURST_FEATURES,
  burstFeatures,
  SecondFeatures,
  type SecondRow,
} from './second-features.ts';

const index = (name: string) => burstFeatures.findIndex((feature) => feature.name === name);
const sample = (timeUnixMs: number, rate: number | undefined, more: Partial<Sample> = {}) => ({
  sample: {
    link: 'a',
    origin: 'simulated' as const,
    timeUnixMs,
    intervalMs: 100,
    throughputBytesPerSecond: rate,
    ...more,
  },
  inBurst: false,
});

function rowsOf(rates: readonly (number | undefined)[]): SecondRow[] {
  const features = new SecondFeatures();
  return rates.flatMap((rate, i) => features.learn(sample((i + 1) * 100, rate)));
}

describe('SecondFeatures', () => {
  it('gives one row a second, by the wall clock', () => {
    const rows = rowsOf(new Array(30).fill(1e6));
    expect(rows.map(({ endUnixMs }) => endUnixMs)).toEqual([1000, 2000, 3000]);
    expect(rows[0]?.values).toHaveLength(BURST_FEATURES);
  });

  it('tells at which tenth of a second the rate crossed the burst threshold', () => {
    const rates = new Array(30).fill(1e6);
    rates[24] = 5e6;
    const last = rowsOf(rates).at(-1)?.values;
    expect(last?.[index('first_above_threshold')]).toBeCloseTo(0.4, 6);
    expect(last?.[index('rate_4')]).toBeGreaterThan(1.5);
  });

  it('masks what was not measured instead of inventing it', () => {
    const last = rowsOf(new Array(20).fill(1e6)).at(-1)?.values;
    expect(last?.[index('queue_mask')]).toBe(0);
    expect(last?.[index('connection_mask')]).toBe(0);
    expect(last?.[index('queue')]).toBe(0);
  });

  it('gives no number that is none, whatever was measured', () => {
    const odd = [Number.NaN, undefined, 0, -5, 1e300, Number.POSITIVE_INFINITY];
    const rates = Array.from({ length: 60 }, (_, i) => odd[i % odd.length]);
    for (const { values } of rowsOf(rates)) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('goes on after a gap without rows for it', () => {
    const features = new SecondFeatures();
    features.learn(sample(1000, 1e6));
    const rows = features.learn(sample(61_000, 1e6));
    expect(rows.map(({ endUnixMs }) => endUnixMs)).toEqual([61_000]);
  });
});
