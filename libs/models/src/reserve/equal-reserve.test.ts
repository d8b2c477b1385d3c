import { SlowResource } from '@levitate/queueing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atEqualReserve, runWanted, UNCOUNTED_SECONDS } from './equal-reserve.ts';

describe('runWanted', () => {
  it('gives what the slow resource gives step by step', () => {
    const seconds = fc.array(fc.tuple(fc.nat(50), fc.nat(60)), { minLength: 8, maxLength: 80 });
    fc.assert(
      fc.property(seconds, fc.constantFrom(0, 1, 5), (list, delaySeconds) => {
        // The uncounted part brings the pool to its first size.
        const quiet = Array.from({ length: UNCOUNTED_SECONDS }, () => [0, 10] as const);
        const steps = [...quiet, ...list];
        const demand = Float64Array.from(steps, ([requests]) => requests);
        const wanted = Float64Array.from(steps, ([, capacity]) => capacity);
        const pool = new SlowResource({ capacity: 10, actuationDelayMs: delaySeconds * 1000 });
        steps.forEach(([requests, capacity], second) => {
          pool.request({ capacity, nowMs: second * 1000 });
          pool.step(requests, { nowMs: second * 1000, stepMs: 1000 });
        });
        const result = runWanted(demand, { wanted, delaySeconds });
        expect(result.rejected).toBeCloseTo(pool.totals.rejected, 6);
        const counted = pool.totals.reservedSeconds - 10 * UNCOUNTED_SECONDS;
        expect(result.reserveShare * result.arrived).toBeCloseTo(result.arrived && counted, 6);
      }),
    );
  });
});

describe('atEqualReserve', () => {
  const at = (setting: number) => ({ arrived: 1, rejected: 10 - setting, reserveShare: setting });

  it('finds the setting that uses the reserve', () => {
    expect(atEqualReserve(at, { range: [0, 5] })?.rejected).toBeCloseTo(8.8, 3);
    expect(atEqualReserve(at, { range: [0, 5], share: 2 })?.rejected).toBeCloseTo(8, 3);
  });

  it('gives no result where no setting does', () => {
    expect(atEqualReserve(at, { range: [2, 5] })).toBeUndefined();
    expect(atEqualReserve(at, { range: [0, 1] })).toBeUndefined();
  });
});
