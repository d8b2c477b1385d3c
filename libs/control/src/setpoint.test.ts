import { describe, expect, it } from 'vitest';
import { levelRoom, planReserve } from './setpoint.ts';
import { forecastOf } from './testdata/forecast-of.ts';

describe('planReserve', () => {
  const forecast = forecastOf({ madeUnixMs: 50_000, timeToBurstS: 5, timeSdS: 0.2 });

  it('asks at the onset minus actuation delay, three standard deviations and a tick', () => {
    const plan = planReserve(forecast, { kind: 'queue', actuationDelayS: 1 });
    // 55 s - 1 s - 0.6 s - 0.1 s
    expect(plan.fromUnixMs).toBeCloseTo(53_300, 6);
    // 55 s + 1 s + 0.1 s
    expect(plan.untilUnixMs).toBeCloseTo(56_100, 6);
  });

  it('sizes a queue on the room bursts were measured to need', () => {
    expect(planReserve(forecast, { kind: 'queue', actuationDelayS: 0 }).size).toBe(1.2e6);
  });

  it('sizes a queue nobody measured on what arrives beyond what drains', () => {
    const unmeasured = { ...forecast, needBytes: { q50: 0, q90: 0, q99: 0 } };
    const options = { kind: 'queue', actuationDelayS: 0 } as const;
    // 1.9 MB - 12.5 MB/s x 0.05 s
    expect(planReserve(unmeasured, { ...options, drainBytesPerSecond: 12.5e6 }).size).toBe(1.275e6);
    expect(planReserve(unmeasured, { ...options, drainBytesPerSecond: 100e6 }).size).toBe(0);
    expect(planReserve(unmeasured, options).size).toBe(1.9e6);
  });

  it('sizes a capacity on the peak rate', () => {
    expect(planReserve(forecast, { kind: 'capacity', actuationDelayS: 1 }).size).toBe(36e6);
  });
});

describe('levelRoom', () => {
  it('is the largest 99 % quantile of the seconds that the actuation delay touches', () => {
    const levels = [1, 2, 9, 20].map((q99) => ({ q50: 0, q90: 0, q99 }));
    expect(levelRoom(levels, 0)).toBe(1);
    expect(levelRoom(levels, 1)).toBe(2);
    expect(levelRoom(levels, 1.5)).toBe(9);
    expect(levelRoom([], 1)).toBe(0);
  });
});
