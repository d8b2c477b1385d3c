import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { DelayHistogram } from './delay-histogram.ts';

it('DelayHistogram finds quantiles to a quarter of a millisecond and bounds the longest', () => {
  const histogram = new DelayHistogram();
  expect(histogram.quantile(0.99)).toBe(0);
  const random = new SeededRandom(1);
  const delays = Array.from({ length: 20_000 }, () => random.exponential(0.05));
  for (const delay of delays) histogram.add(delay);
  delays.sort((one, other) => one - other);
  for (const q of [0.5, 0.9, 0.99]) {
    const exact = delays[Math.ceil(q * delays.length) - 1] as number;
    expect(Math.abs(histogram.quantile(q) - exact)).toBeLessThan(0.00026);
  }
  histogram.clear();
  histogram.add(60);
  histogram.add(-1e-12);
  expect(histogram.quantile(1)).toBeCloseTo(2.048, 6);
  expect(histogram.count).toBe(2);
});
