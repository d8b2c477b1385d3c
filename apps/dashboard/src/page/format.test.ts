import { expect, it } from 'vitest';
import { bytes, changePercent, count, megabitsPerSecond, milliseconds, percent } from './format.ts';

it('formats figures with their unit, three digits and no exponent', () => {
  expect(count(12_345)).toBe('12,345');
  expect(count(undefined)).toBe('–');
  expect(bytes(0)).toBe('0 B');
  expect(bytes(1_023)).toBe('1023 B');
  expect(bytes(61_440)).toBe('60.0 KB');
  expect(bytes(524_288)).toBe('512 KB');
  expect(bytes(1_789_952)).toBe('1,748 KB');
  expect(bytes(123 * 1_048_576)).toBe('123 MB');
  expect(megabitsPerSecond(12_500_000)).toBe('100 Mbit/s');
  expect(megabitsPerSecond(null)).toBe('–');
  expect(milliseconds(0.1504)).toBe('150 ms');
  expect(milliseconds(0.000_72)).toBe('0.72 ms');
  expect(percent(0.2134)).toBe('21.3 %');
});

it('states a change in percent, and never 100 % while something is left', () => {
  expect(changePercent({ from: 200, to: 50 })).toBe('−75.0 %');
  expect(changePercent({ from: 200, to: 300 })).toBe('+50.0 %');
  expect(changePercent({ from: 200, to: 0 })).toBe('−100.0 %');
  expect(changePercent({ from: 100_000, to: 4 })).toBe('−99.996 %');
  expect(changePercent({ from: 0, to: 5 })).toBeUndefined();
});
