import { describe, expect, it } from 'vitest';
import type { LevelForecaster } from './level-forecaster.ts';
import { ewma, harmonicMean } from './running-means.ts';

/** Ten steps ahead, where no error has been seen yet: the point itself. */
const point = (forecaster: LevelForecaster) => forecaster.forecast(10)[9]?.q50;

describe('running means', () => {
  it('weigh the newest value by alpha, and pass over what is missing', () => {
    const forecaster = ewma({ alpha: 0.5 });
    expect(forecaster.forecast(1)).toEqual([]);
    for (const value of [4, undefined, 8]) forecaster.learn(value);
    expect(point(forecaster)).toBe(6);
  });

  it('are harmonic over five values, and near nothing once one of them is nothing', () => {
    const forecaster = harmonicMean();
    for (const value of [1e9, 2, 2, 4, 4, 4]) forecaster.learn(value);
    expect(point(forecaster)).toBeCloseTo(5 / (0.5 + 0.5 + 0.75));
    forecaster.learn(0);
    expect(point(forecaster)).toBeLessThan(5.1);
  });
});
