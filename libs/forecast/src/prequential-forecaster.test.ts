import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LevelChoice, levelForecasters } from './level-choice.ts';
import type { LevelForecaster } from './level-forecaster.ts';
import { persistence } from './persistence.ts';
import { PrequentialForecaster } from './prequential-forecaster.ts';

function learnAll(forecaster: LevelForecaster, values: readonly (number | undefined)[]) {
  for (const value of values) forecaster.learn(value);
  return forecaster;
}

/** Whatever a broken counter may deliver. */
const hostile = fc.oneof(
  fc.double(),
  fc.constantFrom(
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0,
    1e15,
    -1e15,
    1e300,
    1e-300,
  ),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
);

const everyForecaster: (() => LevelForecaster)[] = [
  ...levelForecasters().map((_, index) => () => levelForecasters()[index] as LevelForecaster),
  () => new LevelChoice(),
];

describe.each(everyForecaster)('level forecaster %#', (make) => {
  it('never answers anything but ordered, finite numbers not below its floor', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 150 }), (values) => {
        const quantiles = learnAll(make(), values).forecast(10);
        for (const { q50, q90, q99 } of quantiles) {
          expect(Number.isFinite(q50) && Number.isFinite(q90) && Number.isFinite(q99)).toBe(true);
          expect(q50).toBeGreaterThanOrEqual(0);
          expect(q90).toBeGreaterThanOrEqual(q50);
          expect(q99).toBeGreaterThanOrEqual(q90);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing before the first value and everything asked for after it', () => {
    const forecaster = make();
    forecaster.learn(undefined);
    expect(forecaster.forecast(10)).toEqual([]);
    forecaster.learn(7);
    expect(forecaster.forecast(10)).toHaveLength(10);
    expect(forecaster.forecast(3)).toHaveLength(3);
  });

  it('forecasts a constant as itself, without spread', () => {
    const forecaster = learnAll(make(), new Array(400).fill(1234.5));
    for (const { q50, q99 } of forecaster.forecast(10)) {
      expect(q50).toBeCloseTo(1234.5, 6);
      expect(q99).toBeCloseTo(1234.5, 6);
    }
  });

  it('covers what it says it covers on noise', () => {
    const random = new SeededRandom('coverage');
    const forecaster = make();
    const below = { q50: 0, q90: 0, q99: 0 };
    const steps = 3000;
    for (let step = 0; step < steps; step++) {
      const value = 1000 + random.normal(0, 100);
      const [next] = step > 400 ? forecaster.forecast(1) : [];
      if (next !== undefined) {
        if (value <= next.q50) below.q50 += 1;
        if (value <= next.q90) below.q90 += 1;
        if (value <= next.q99) below.q99 += 1;
      }
      forecaster.learn(value);
    }
    const scored = steps - 401;
    expect(below.q50 / scored).toBeGreaterThan(0.45);
    expect(below.q50 / scored).toBeLessThan(0.55);
    expect(below.q90 / scored).toBeGreaterThan(0.87);
    expect(below.q90 / scored).toBeLessThan(0.93);
    expect(below.q99 / scored).toBeGreaterThan(0.98);
  });

  it('is the same after the same values', () => {
    const random = new SeededRandom(3);
    const values = Array.from({ length: 200 }, () => random.uniform(0, 100));
    expect(learnAll(make(), values).forecast(10)).toEqual(learnAll(make(), values).forecast(10));
  });
});

describe('prequential quantiles', () => {
  it('persistence over 1, 3, 6 has the residuals 2 and 3 one step ahead, 5 two steps ahead', () => {
    const quantiles = learnAll(persistence(), [1, 3, 6]).forecast(3);
    // Two residuals: the median is the 2nd smallest of 2 by rank ceil(3 x 0.5) = 2.
    expect(quantiles[0]).toEqual({ q50: 9, q90: 9, q99: 9 });
    expect(quantiles[1]).toEqual({ q50: 11, q90: 11, q99: 11 });
    expect(quantiles[2]).toEqual({ q50: 6, q90: 6, q99: 6 });
  });

  it('a missing value lets time pass but is no residual', () => {
    // From 1 to 5 two steps passed: nothing is known of one step ahead.
    const quantiles = learnAll(persistence(), [1, undefined, 5]).forecast(2);
    expect(quantiles[0]).toEqual({ q50: 5 + 4, q90: 9, q99: 9 });
    expect(quantiles[1]).toEqual({ q50: 5 + 4, q90: 9, q99: 9 });
  });

  it('forgets residuals older than its window', () => {
    const forecaster = persistence({ residualsMax: 20 });
    learnAll(forecaster, [0, 1000, 0, 1000, 0, ...new Array(40).fill(0)]);
    expect(forecaster.forecast(1)[0]?.q99).toBe(0);
  });

  it('a model that loses itself is replaced by the last value', () => {
    const model = { learn: () => {}, predict: (n: number) => new Array(n).fill(Number.NaN) };
    const forecaster = new PrequentialForecaster({ name: 'lost', model });
    forecaster.learn(42);
    expect(forecaster.forecast(1)).toEqual([{ q50: 42, q90: 42, q99: 42 }]);
  });
});
