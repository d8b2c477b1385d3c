import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { epochBatches, shares } from './epoch-order.ts';
import { cosineSchedule } from './schedule.ts';

describe('cosineSchedule', () => {
  it('rises in a line to the peak, falls to the floor, is half way between in the middle', () => {
    const schedule = cosineSchedule({ peak: 2, warmUp: 0.1, floor: 0 });
    const rates = Array.from({ length: 101 }, (_, step) => schedule(step, 101));
    expect(rates.slice(0, 10).map((rate) => rate.toFixed(2))).toEqual([
      '0.20',
      '0.40',
      '0.60',
      '0.80',
      '1.00',
      '1.20',
      '1.40',
      '1.60',
      '1.80',
      '2.00',
    ]);
    expect(rates[10]).toBe(2);
    expect(rates[55]).toBeCloseTo(1, 10);
    expect(rates[100]).toBeCloseTo(0, 10);
  });

  it('is finite for a training of one step', () => {
    expect(cosineSchedule({ peak: 1 })(0, 1)).toBe(1);
  });
});

describe('epochBatches', () => {
  it('has every example at most once, in whole batches, in another order each epoch', () => {
    const draw = (seed: string) =>
      epochBatches({ count: 23, batch: 5, random: new SeededRandom(seed) });
    const batches = draw('a');
    expect(batches.map(({ length }) => length)).toEqual([5, 5, 5, 5]);
    expect(new Set(batches.flat()).size).toBe(20);
    expect(draw('b')).not.toEqual(batches);
    expect(draw('a')).toEqual(batches);
  });
});

describe('shares', () => {
  it('cuts a batch into parts of nearly one size, in order', () => {
    expect(shares([4, 2, 7, 1, 9], 2)).toEqual([
      [4, 2],
      [7, 1, 9],
    ]);
  });
});
