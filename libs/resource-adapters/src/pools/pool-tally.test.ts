import { describe, expect, it } from 'vitest';
import { PoolTally } from './pool-tally.ts';

describe('PoolTally', () => {
  it('keeps the peak between two readings, with those that were sent away', () => {
    const tally = new PoolTally();
    tally.sees(3);
    tally.sees(9);
    tally.rejects(9);
    tally.rejects(9);
    tally.sees(2);
    expect(tally.take(2)).toEqual({ need: 11, rejected: 2, delayS: 0 });
    expect(tally.take(0)).toEqual({ need: 2, rejected: 0, delayS: 0 });
    expect(tally.take(0)).toEqual({ need: 0, rejected: 0, delayS: 0 });
  });

  it('says the 95th percentile of the waits', () => {
    const tally = new PoolTally();
    for (let wait = 1; wait <= 100; wait++) tally.waited(wait);
    expect(tally.take(0).delayS).toBe(0.095);
    tally.waited(40);
    expect(tally.take(0).delayS).toBe(0.04);
  });

  it('remembers a bounded number of waits', () => {
    const tally = new PoolTally();
    for (let wait = 0; wait < 10_000; wait++) tally.waited(wait < 5_000 ? 1_000 : 10);
    expect(tally.take(0).delayS).toBe(0.01);
  });
});
