import { expect, it } from 'vitest';
import { loadRates, roundSeconds } from './load-rates.ts';

const range = { low: 10, high: 110 };

it('a round rises in waves, and bursts within the first half minute', () => {
  const rates = loadRates(range, 'seed');
  expect(rates).toHaveLength(roundSeconds);
  expect(rates[0]).toBe(range.low);
  expect(rates.indexOf(range.high)).toBeLessThan(33);
  expect([Math.min(...rates), Math.max(...rates)]).toEqual([range.low, range.high]);
  const waves = rates.filter((rate) => rate < range.high);
  expect(Math.max(...waves)).toBeCloseTo(70);
});

it('equal seeds give equal load, others another', () => {
  expect(loadRates(range, 'one')).toEqual(loadRates(range, 'one'));
  expect(loadRates(range, 'one')).not.toEqual(loadRates(range, 'other'));
});
