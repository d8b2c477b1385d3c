import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { fitLogistic, logisticScore, sigmoid } from './logistic-regression.ts';

/** Outcomes drawn from a known model: log odds 2 x - 1, and a second feature that says nothing. */
function drawn(count: number) {
  const random = new SeededRandom('logistic');
  const inputs = new Float64Array(2 * count);
  const outcomes = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const x = random.normal(0, 1);
    inputs.set([x, random.normal(5, 3)], 2 * row);
    outcomes[row] = random.float() < sigmoid(2 * x - 1) ? 1 : 0;
  }
  return { inputs, features: 2, outcomes };
}

describe('fitLogistic', () => {
  it('finds the model that outcomes were drawn from', () => {
    const model = fitLogistic(drawn(20_000));
    const at = (x: number) => logisticScore(model, Float64Array.of(x, 5));
    expect(at(0)).toBeCloseTo(-1, 0);
    expect(at(1) - at(0)).toBeCloseTo(2, 0);
    const other = logisticScore(model, Float64Array.of(0, 11)) - at(0);
    expect(Math.abs(other)).toBeLessThan(0.2);
  });

  it('weighs a row as so many rows', () => {
    const rows = {
      inputs: Float64Array.of(0, 0, 1, 1),
      features: 1,
      outcomes: Uint8Array.of(0, 1, 1, 0),
    };
    const weighted = fitLogistic({ ...rows, weights: Float64Array.of(3, 1, 3, 1) });
    expect(sigmoid(logisticScore(weighted, Float64Array.of(1)))).toBeGreaterThan(0.6);
    expect(sigmoid(logisticScore(fitLogistic(rows), Float64Array.of(1)))).toBeCloseTo(0.5, 6);
  });

  it('stays finite where a feature tells everything and another never changes', () => {
    const model = fitLogistic({
      inputs: Float64Array.of(-1, 7, -2, 7, 1, 7, 2, 7),
      features: 2,
      outcomes: Uint8Array.of(0, 0, 1, 1),
    });
    expect([...model.coefficients, model.intercept].every(Number.isFinite)).toBe(true);
    expect(logisticScore(model, Float64Array.of(2, 7))).toBeGreaterThan(0);
  });
});
