import { expect, it } from 'vitest';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { PATH_INPUTS } from './path-features.ts';
import { targetVariance } from './target-variance.ts';

it('is that of what came, above the base and in trailing levels, without what nobody knows', () => {
  const ahead = (value: number) => new Array(HORIZON).fill(value);
  const example = {
    inputs: new Float64Array(3 * PATH_INPUTS),
    timespans: Float64Array.of(1, 1, 1),
    scale: Float64Array.of(10, 20, 10),
    base: Float64Array.of(100, 100, 100),
    steps: 3,
    actual: Float64Array.from([...ahead(120), ...ahead(100), ...ahead(Number.NaN)]),
  };
  expect(targetVariance([example])).toEqual(ahead(1));
});

it('is not ruled by a path that wakes from silence', () => {
  const steps = 100;
  const example = (actual: number) => ({
    inputs: new Float64Array(steps * PATH_INPUTS),
    timespans: new Float64Array(steps).fill(1),
    scale: new Float64Array(steps).fill(1000),
    base: new Float64Array(steps).fill(1000),
    steps,
    actual: new Float64Array(steps * HORIZON).fill(actual),
  });
  const variance = targetVariance([example(500), example(1500), example(1e9)]);
  for (const one of variance) expect(one).toBeLessThan(5);
});
