import { describe, expect, it } from 'vitest';
import { BANDWIDTH_OUTPUTS, decodeForecast, stepOffset } from './bandwidth-outputs.ts';

const unit = { base: 1000, scale: 100 };

describe('decodeForecast', () => {
  it('counts answers from the base in units of the scale', () => {
    const output = new Float32Array(BANDWIDTH_OUTPUTS);
    output.set([-1, 0.5, 2]);
    output.set([-2, 0, 1, 0.25], stepOffset(9));
    const { mean, steps } = decodeForecast(output, unit);
    expect(mean).toEqual({ q10: 900, q50: 1050, q90: 1200 });
    expect(steps).toHaveLength(10);
    expect(steps[9]).toEqual({ q10: 800, q50: 1000, q90: 1100, mean: 1025 });
  });

  it('is never negative, and quantiles that cross are put in order', () => {
    const output = new Float32Array(BANDWIDTH_OUTPUTS).fill(-50);
    output.set([3, 1, 2]);
    const { mean, steps } = decodeForecast(output, unit);
    expect(mean).toEqual({ q10: 1100, q50: 1100, q90: 1200 });
    expect(steps[0]).toEqual({ q10: 0, q50: 0, q90: 0, mean: 0 });
  });

  it('widens the intervals by what calibration found', () => {
    const none = { low: 0, high: 0 };
    const steps = [{ low: -2, high: 3 }, none];
    const offsets = { horizon: { low: -1, high: 1 }, steps };
    const decoded = decodeForecast(new Float32Array(BANDWIDTH_OUTPUTS), unit, offsets);
    expect(decoded.mean).toEqual({ q10: 900, q50: 1000, q90: 1100 });
    expect(decoded.steps[0]).toMatchObject({ q10: 800, q90: 1300 });
    expect(decoded.steps[5]).toMatchObject({ q10: 1000, q90: 1000 });
  });
});
