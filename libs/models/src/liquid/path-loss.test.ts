import { expect, it } from 'vitest';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { PATH_INPUTS } from './path-features.ts';
import { pathLoss } from './path-loss.ts';

function example(actual: readonly number[]) {
  return {
    inputs: new Float64Array(PATH_INPUTS),
    timespans: Float64Array.of(1),
    scale: Float64Array.of(1000),
    base: Float64Array.of(2000),
    steps: 1,
    actual: Float64Array.from(actual),
  };
}

it('is the error of the mean of ten seconds over the mean rate, with its gradient', () => {
  const given = example(Array.from({ length: HORIZON }, (_, k) => 2500 + 10 * k));
  const outputs = Float64Array.from({ length: HORIZON }, (_, k) => 0.1 * k);
  const slopes = new Float64Array(HORIZON);
  const options = { slopes, meanRate: 5000, weight: 1 };
  const { sum, count } = pathLoss(given, outputs, options);
  expect(count).toBe(1);
  expect(sum).toBeCloseTo(Math.abs(2450 - 2545) / 5000, 12);
  // The error of the mean falls when any second is raised; the own error of late ones does not.
  expect(slopes[0]).toBeCloseTo(-(1000 / 5000 / HORIZON) * 1.25, 12);
  expect(slopes[9]).toBeCloseTo(-(1000 / 5000 / HORIZON) * 0.75, 12);
});

it('asks nothing where fewer than half of the seconds ahead are known', () => {
  const unknown = new Array(HORIZON).fill(Number.NaN);
  const slopes = new Float64Array(HORIZON).fill(7);
  const given = example([1, 2, 3, 4, ...unknown.slice(4)]);
  const options = { slopes, meanRate: 5000, weight: 1 };
  expect(pathLoss(given, new Float64Array(HORIZON), options)).toEqual({ sum: 0, count: 0 });
  expect([...slopes]).toEqual(new Array(HORIZON).fill(0));
});
