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
