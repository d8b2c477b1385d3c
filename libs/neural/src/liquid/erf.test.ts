import { expect, it } from 'vitest';
import { erf } from './erf.ts';

it.each([
  // Abramowitz and Stegun, table 7.1.
  [0, 0],
  [0.1, 0.112462916],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [2, 0.995322265],
  [-1, -0.8427007929],
  [7, 1],
])('erf %d is %d', (x, expected) => {
  expect(erf(x)).toBeCloseTo(expected, 10);
});
