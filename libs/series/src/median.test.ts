import { expect, it } from 'vitest';
import { median } from './median.ts';

it.each([
  [[], undefined],
  [[7], 7],
  [[9, -1, 10], 9],
  [[4, 1, 3, 2], 2.5],
  [[2, 2, 2, 100], 2],
])('the median of %j is %s', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('the values stay in their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});
