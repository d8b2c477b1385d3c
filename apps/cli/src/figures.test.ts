import { expect, it } from 'vitest';
import { bitRate, count, delay, size, timeOfDay } from './figures.ts';

it('figures carry their unit and at most the digits that mean something', () => {
  expect([0, 4_000_000, 125_000_000, 500, 12_499_000].map(bitRate)).toEqual([
    '0.0 kbit/s',
    '32.0 Mbit/s',
    '1.0 Gbit/s',
    '4.0 kbit/s',
    '100 Mbit/s',
  ]);
  expect([12, 1_024, 524_288, 1_662_480, 16_777_216].map(size)).toEqual([
    '12 B',
    '1.0 KB',
    '512 KB',
    '1,624 KB',
    '16.0 MB',
  ]);
  expect([delay(0.0018), delay(0.15), count(1234.4)]).toEqual(['1.8 ms', '150 ms', '1,234']);
  expect(timeOfDay(Date.UTC(2026, 0, 1, 12, 30))).toBe('12:30:00.000');
});

it('what is not known is a dash', () => {
  expect([bitRate, size, count, delay].map((each) => each(undefined))).toEqual(Array(4).fill('-'));
});
