import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { coverage, scoreBandwidth } from './bandwidth-score.ts';
import { conformalOffsets } from './conformal-offsets.ts';

it('accuracy is pooled, shares and median are of windows', () => {
  const outcomes = [
    { actual: 100, forecast: 95 },
    { actual: 100, forecast: 115 },
    { actual: 10, forecast: 30 },
    { actual: 0, forecast: 0 },
  ];
  const score = scoreBandwidth(outcomes);
  expect(score).toMatchObject({ windows: 4, within10: 0.5, within20: 0.75 });
  expect(score.accuracy).toBeCloseTo(1 - 40 / 210);
  expect(score.medianError).toBeCloseTo(0.15);
});

it('offsets give both tails what they should have, on new cases of the same kind', () => {
  const random = new SeededRandom('conformal');
  const cases = () =>
    Array.from({ length: 4000 }, () => ({
      low: -0.2,
      high: 0.3,
      actual: random.normal(),
      weight: 1,
    }));
  const { low, high } = conformalOffsets(cases(), { tail: 0.1 });
  const fresh = cases().map((each) => ({
    ...each,
    low: each.low + low,
    high: each.high + high,
  }));
  expect(coverage(fresh)).toBeGreaterThan(0.78);
  expect(coverage(fresh)).toBeLessThan(0.82);
  expect(low).toBeCloseTo(-1.28 + 0.2, 1);
  expect(high).toBeCloseTo(1.28 - 0.3, 1);
});

it('a case of ten times the weight counts as ten', () => {
  const light = Array.from({ length: 90 }, () => ({ low: 0, high: 0, actual: 0, weight: 1 }));
  const heavy = Array.from({ length: 10 }, () => ({ low: 0, high: 0, actual: 5, weight: 10 }));
  expect(conformalOffsets([...light, ...heavy], { tail: 0.1 }).high).toBe(5);
  expect(conformalOffsets(light, { tail: 0.1 })).toEqual({ low: 0, high: 0 });
  expect(coverage([])).toBe(1);
});
