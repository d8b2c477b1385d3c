import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { holtWinters } from './holt-winters.ts';
import type { LevelForecaster } from './level-forecaster.ts';
import { LevelScore } from './level-score.ts';
import { linear, nlinear } from './linear.ts';
import { persistence } from './persistence.ts';
import { seasonalNaive } from './seasonal-naive.ts';

/** Mean absolute error at `step`, counted after `warmUp` values. */
function maeOf(input: {
  forecaster: LevelForecaster;
  values: readonly (number | undefined)[];
  step?: number;
  warmUp?: number;
}): number {
  const { forecaster, values, step = 1, warmUp = values.length / 2 } = input;
  const score = new LevelScore();
  for (const [index, value] of values.entries()) {
    forecaster.learn(value);
    if (index >= warmUp) score.learn({ value, forecast: forecaster.forecast(10) });
  }
  return score.at(step)?.mae ?? Number.NaN;
}

function seasonal(seed: number, trend = 0): number[] {
  const random = new SeededRandom(seed);
  return Array.from(
    { length: 800 },
    (_, step) =>
      1000 + trend * step + 300 * Math.sin((2 * Math.PI * step) / 24) + random.normal(0, 30),
  );
}

describe('level forecasters', () => {
  it.each([
    { name: 'seasonal-naive', make: seasonalNaive, atMost: 0.2 },
    { name: 'holt-winters', make: holtWinters, atMost: 0.15 },
    { name: 'linear', make: linear, atMost: 0.15 },
    { name: 'nlinear', make: nlinear, atMost: 0.15 },
  ])('$name beats persistence six steps ahead on a seasonal series', ({ make, atMost }) => {
    const values = seasonal(1);
    const baseline = maeOf({ forecaster: persistence(), values, step: 6 });
    expect(maeOf({ forecaster: make(), values, step: 6 })).toBeLessThan(atMost * baseline);
  });

  it.each([
    { name: 'holt-winters', make: holtWinters },
    { name: 'linear', make: linear },
    { name: 'nlinear', make: nlinear },
  ])('$name follows slopes that turn, which persistence lags behind', ({ make }) => {
    // Up for 97 steps, down for 97: the drift that residuals show is none on average.
    const random = new SeededRandom('slopes');
    const values = Array.from({ length: 970 }, (_, step) => {
      const phase = step % 194;
      return 3000 + 20 * Math.min(phase, 194 - phase) + random.normal(0, 5);
    });
    const options = { lagMax: 50 };
    const baseline = maeOf({ forecaster: persistence(), values, step: 10 });
    expect(maeOf({ forecaster: make(options), values, step: 10 })).toBeLessThan(0.4 * baseline);
  });

  it.each([
    { name: 'seasonal-naive', make: seasonalNaive, atMost: 1.02 },
    { name: 'holt-winters', make: holtWinters, atMost: 1.05 },
    { name: 'linear', make: linear, atMost: 1.1 },
  ])('$name loses little to persistence on a random walk, where nothing can win', (row) => {
    const random = new SeededRandom('walk');
    let level = 1e6;
    const values = Array.from({ length: 2000 }, () => (level += random.normal(0, 100)));
    const baseline = maeOf({ forecaster: persistence(), values });
    expect(maeOf({ forecaster: row.make(), values })).toBeLessThan(row.atMost * baseline);
  });

  it('seasonal-naive repeats the last season exactly, and falls back where it has a hole', () => {
    const options = { period: 4, residualsMax: 1 };
    const whole = seasonalNaive(options);
    for (const value of [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]) whole.learn(value);
    expect(whole.forecast(6).map(({ q50 }) => q50)).toEqual([1, 2, 3, 4, 1, 2]);
    const holed = seasonalNaive(options);
    for (const value of [1, 2, 3, 4, 1, 2, 3, 4, 1, undefined, 3, 4]) holed.learn(value);
    expect(holed.forecast(6).map(({ q50 }) => q50)).toEqual([1, 2, 3, 4, 1, 2]);
  });

  it('holt-winters takes up a season that appears and drops one that ends', () => {
    const random = new SeededRandom('appears');
    const flat = Array.from({ length: 300 }, () => 1000 + random.normal(0, 20));
    const forecaster = holtWinters();
    for (const value of [...flat, ...seasonal(2)]) forecaster.learn(value);
    const values = [...seasonal(2), ...flat, ...flat, ...flat];
    const after = maeOf({ forecaster, values, warmUp: values.length - 300 });
    expect(after).toBeLessThan(25);
  });

  it('linear stays finite and useful over a long life of little variety', () => {
    const forecaster = linear({ lookBack: 8, kernel: 3, forgetting: 0.99 });
    for (let step = 0; step < 30_000; step++) forecaster.learn(step % 2 === 0 ? 100 : 110);
    expect(forecaster.forecast(2).map(({ q50 }) => Math.round(q50))).toEqual([100, 110]);
  });

  it('linear survives one value a million times too large', () => {
    const values = seasonal(3);
    const spoilt = [...values.slice(0, 400), 1e9, ...values.slice(400)];
    const clean = maeOf({ forecaster: linear(), values, step: 6 });
    expect(maeOf({ forecaster: linear(), values: spoilt, step: 6, warmUp: 600 })).toBeLessThan(
      3 * clean,
    );
  });
});
