import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowResourceOracle } from './oracle-bound.ts';
import { SlowResource } from './slow-resource.ts';

const second = (nowMs: number) => ({ nowMs, stepMs: 1000 });

describe('SlowResource', () => {
  it('reserves from the request on, serves after the delay, releases at once', () => {
    const pool = new SlowResource({ capacity: 10, actuationDelayMs: 1000 });
    pool.request({ capacity: 30, nowMs: 0 });
    expect(pool.step(25, second(0))).toEqual({
      served: 10,
      rejected: 15,
      usable: 10,
      reserved: 30,
    });
    expect(pool.step(25, second(1000))).toEqual({
      served: 25,
      rejected: 0,
      usable: 30,
      reserved: 30,
    });
    pool.request({ capacity: 5, nowMs: 2000 });
    expect(pool.step(25, second(2000))).toEqual({
      served: 5,
      rejected: 20,
      usable: 5,
      reserved: 5,
    });
    expect(pool.totals).toEqual({
      served: 40,
      rejected: 35,
      reservedSeconds: 65,
      changes: 2,
      elapsedMs: 3000,
    });
  });

  it('cancels what is on its way before it gives up what is in use', () => {
    const pool = new SlowResource({ capacity: 10, actuationDelayMs: 5000 });
    pool.request({ capacity: 30, nowMs: 0 });
    pool.request({ capacity: 12, nowMs: 1000 });
    expect(pool.step(0, second(1000))).toMatchObject({ usable: 10, reserved: 12 });
    expect(pool.step(0, second(5000))).toMatchObject({ usable: 12, reserved: 12 });
  });

  it('counts released capacity until its release delay is over', () => {
    const pool = new SlowResource({ capacity: 10, actuationDelayMs: 0, releaseDelayMs: 2000 });
    pool.request({ capacity: 4, nowMs: 0 });
    expect(pool.step(9, second(0))).toMatchObject({ served: 4, reserved: 10 });
    expect(pool.step(9, second(2000))).toMatchObject({ served: 4, reserved: 4 });
  });

  it('counts only requests that change something', () => {
    const pool = new SlowResource({ capacity: 10, actuationDelayMs: 0 });
    pool.request({ capacity: 10, nowMs: 0 });
    pool.request({ capacity: 11, nowMs: 0 });
    expect(pool.totals.changes).toBe(1);
  });

  it('never serves more than it reserved, and loses no arrival', () => {
    const steps = fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.nat(5000), fc.nat(3000), (moves, actuationDelayMs, releaseDelayMs) => {
        const pool = new SlowResource({ capacity: 20, actuationDelayMs, releaseDelayMs });
        let arrived = 0;
        moves.forEach(([arrivals, capacity], index) => {
          pool.request({ capacity, nowMs: index * 100 });
          const step = pool.step(arrivals, { nowMs: index * 100, stepMs: 100 });
          arrived += arrivals;
          expect(step.usable).toBeLessThanOrEqual(step.reserved + 1e-9);
          expect(step.served).toBeLessThanOrEqual(step.usable / 10 + 1e-9);
          expect(step.reserved).toBeGreaterThanOrEqual(pool.wanted - 1e-9);
        });
        expect(pool.totals.served + pool.totals.rejected).toBeCloseTo(arrived, 6);
      }),
    );
  });
});

describe('slowResourceOracle', () => {
  it('reserves the largest demand of the delay ahead', () => {
    const oracle = slowResourceOracle([1, 1, 5, 2, 1, 1], { stepMs: 1000, actuationDelayMs: 2000 });
    expect([...oracle.reserved]).toEqual([5, 5, 5, 2, 1, 1]);
    expect(oracle.meanReserved).toBeCloseTo(19 / 6, 9);
    expect(oracle.changesPerMinute).toBe(20);
  });

  it('rejects nothing when followed, and anything less rejects', () => {
    const demands = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(demands, fc.nat(8), fc.nat(79), (demand, delaySteps, cutAt) => {
        const timing = { stepMs: 1000, actuationDelayMs: delaySteps * 1000 };
        const { reserved } = slowResourceOracle(demand, timing);
        const run = (want: ArrayLike<number>) => {
          const pool = new SlowResource({ ...timing, capacity: want[0] as number });
          demand.forEach((arrivals, step) => {
            pool.request({ capacity: want[step] as number, nowMs: step * 1000 });
            pool.step(arrivals, second(step * 1000));
          });
          return pool.totals.rejected;
        };
        expect(run(reserved)).toBeCloseTo(0, 9);
        const less = reserved.slice();
        const at = cutAt % less.length;
        // A cut is felt only where the capacity is used in time: within the trace.
        const used = demand.slice(at, at + delaySteps + 1).indexOf(less[at] as number);
        if ((less[at] as number) >= 1 && used >= 0 && at + used < demand.length) {
          less[at] = (less[at] as number) - 1;
          expect(run(less)).toBeGreaterThan(0);
        }
      }),
    );
  });
});
