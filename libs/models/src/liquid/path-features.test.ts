import { describe, expect, it } from 'vitest';
import { PATH_INPUTS, pathInputs } from './path-features.ts';

const ALL = { roundTrip: true, loss: true, clock: true };

function windowOf(rates: readonly number[], rest = [0.05, 0.01, 3600, 2]) {
  return {
    elapsedSeconds: Float64Array.from(rates, () => 1),
    values: Float64Array.from(rates.flatMap((rate) => [rate, ...rest])),
  };
}

describe('pathInputs', () => {
  it('does not depend on how fast a path is, but for its level', () => {
    const rates = [1e6, 2e6, 1.5e6, 9e6, 1e5];
    const slow = pathInputs(windowOf(rates), ALL);
    const fast = pathInputs(windowOf(rates.map((rate) => 100 * rate)), ALL);
    for (let t = 0; t < rates.length; t++) {
      const at = t * PATH_INPUTS;
      for (const index of [0, 1, 2, 3]) {
        expect(fast.inputs[at + index]).toBeCloseTo(slow.inputs[at + index] as number, 9);
      }
      expect(fast.inputs[at + 4]).toBeCloseTo((slow.inputs[at + 4] as number) + 1, 9);
    }
  });

  it('knows nothing of what comes later', () => {
    const early = pathInputs(windowOf([1e6, 2e6, 3e6]), ALL).inputs;
    const late = pathInputs(windowOf([1e6, 2e6, 3e6, 9e9]), ALL).inputs;
    expect([...late.subarray(0, early.length)]).toEqual([...early]);
  });

  it('masks what was not measured, and what no training set measured', () => {
    const missing = pathInputs(windowOf([1e6], [-1, Number.NaN, -1, -1]), ALL).inputs;
    expect([...missing.subarray(6)]).toEqual(new Array(9).fill(0));
    const senses = { roundTrip: true, loss: false, clock: false };
    const { inputs } = pathInputs(windowOf([1e6]), senses);
    expect([...inputs.subarray(6)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it.each([
    ['silence', [0, 0, 0, 0]],
    ['a spike of a million times', [1, 1, 1e9, 1]],
    ['a step down to nothing', [1e9, 1e9, 0, 0]],
  ])('stays finite and bounded on %s', (_, rates) => {
    const { inputs, scale } = pathInputs(windowOf(rates), ALL);
    for (const value of inputs) expect(Math.abs(value)).toBeLessThanOrEqual(4);
    for (const value of scale) expect(value).toBeGreaterThanOrEqual(1000);
  });
});
