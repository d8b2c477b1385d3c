import type { BurstForecast } from '@levitate/forecast';
import { describe, expect, it } from 'vitest';
import { AtLimit, ForecastAnomaly } from './anomaly.ts';
import { forecastOf } from './testdata/forecast-of.ts';

const level = { q50: 1_000, q90: 1_500, q99: 2_000 };
const steady = { levelBytesPerSecond: Array(10).fill(level), abstained: [] };
const push = { origin: 'push' as const };
const inBurst = { levelBytesPerSecond: [], abstained: ['in-burst' as const] };

/** Seconds of traffic, ten samples each, and what was forecast meanwhile. @returns when it is on */
function anomalousSeconds(
  seconds: readonly { rate: number | undefined; forecast?: Partial<BurstForecast> | undefined }[],
): number[] {
  const anomaly = new ForecastAnomaly();
  return seconds.flatMap(({ rate, forecast }, second) => {
    let isOn = false;
    for (let tick = 0; tick < 10; tick += 1) {
      const timeUnixMs = second * 1_000 + tick * 100;
      const sample = {
        link: 'a',
        timeUnixMs,
        intervalMs: 100,
        throughputBytesPerSecond: rate,
        ...push,
      };
      const given = forecast && forecastOf({ madeUnixMs: timeUnixMs, ...forecast });
      isOn = anomaly.step({ sample, forecast: given });
    }
    return isOn ? [second] : [];
  });
}

const during = (count: number, rate: number | undefined, forecast?: Partial<BurstForecast>) =>
  Array.from({ length: count }, () => ({ rate, forecast }));
const calm = during(5, 1_200, steady);

describe('ForecastAnomaly', () => {
  it('is on after five seconds above the band, and off after five within it', () => {
    expect(anomalousSeconds([...calm, ...during(4, 2_500, steady), ...calm])).toEqual([]);
    const on = anomalousSeconds([...calm, ...during(8, 2_500, steady), ...calm, ...calm]);
    expect(on).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
  });

  it('is on where traffic is far below what was forecast', () => {
    const high = { ...steady, levelBytesPerSecond: Array(10).fill({ q50: 9, q90: 10, q99: 11 }) };
    expect(anomalousSeconds([...during(2, 9, high), ...during(9, 1, high)]).length).toBeGreaterThan(
      3,
    );
  });

  it('is on in a long burst nobody announced, and not in one that was', () => {
    const burst = during(9, 50_000, inBurst);
    expect(anomalousSeconds([...calm, ...burst])).toEqual([10, 11, 12, 13]);
    const announced = {
      ...{ ...steady, timeToBurstS: 1.5, timeSdS: 0.1, burstPredicted: true },
      peakBytesPerSecond: { q50: 40_000, q90: 50_000, q99: 60_000 },
    };
    expect(anomalousSeconds([...calm, ...during(1, 1_200, announced), ...burst])).toEqual([]);
  });

  it('says nothing where nobody forecasts, or nothing is measured', () => {
    expect(anomalousSeconds(during(30, 5_000))).toEqual([]);
    expect(anomalousSeconds([...calm, ...during(30, undefined, steady)])).toEqual([]);
    const gone = anomalousSeconds([...calm, ...during(8, 2_500, steady), ...during(20, 2_500)]);
    expect(gone.at(-1)).toBeLessThan(30);
  });

  it('takes a clock that steps and numbers that are none', () => {
    const anomaly = new ForecastAnomaly();
    for (const timeUnixMs of [5_000, 1_000, Number.NaN, 90_000]) {
      const sample = {
        link: 'a',
        timeUnixMs,
        intervalMs: 100,
        throughputBytesPerSecond: -1,
        ...push,
      };
      expect(anomaly.step({ sample, forecast: forecastOf(steady) })).toBe(false);
    }
  });
});

describe('AtLimit', () => {
  const at = (ticks: readonly { reasons: string[]; utilisation?: number | undefined }[]) => {
    const limit = new AtLimit();
    const isOn = ticks.map((tick, index) =>
      limit.step({ nowMs: index * 1_000, utilisation: 0.9, ...tick }),
    );
    return { firstOn: isOn.indexOf(true), isOnAtEnd: isOn.at(-1) };
  };
  const ticks = (count: number, reasons: string[], more: { utilisation?: number } = {}) =>
    Array.from({ length: count }, () => ({ reasons, ...more }));

  it.each(['maximum', 'latency-budget'])('is on after 30 s at the %s', (reason) => {
    expect(at(ticks(60, ['above-setpoint', reason])).firstOn).toBe(30);
  });

  it('is off after 30 s of room', () => {
    const { firstOn, isOnAtEnd } = at([...ticks(40, ['maximum']), ...ticks(31, [])]);
    expect([firstOn, isOnAtEnd]).toEqual([30, false]);
    expect(at([...ticks(40, ['maximum']), ...ticks(29, [])]).isOnAtEnd).toBe(true);
  });

  it('does not count rest at the minimum, a need that does not press, or time with breaks', () => {
    expect(at(ticks(99, ['minimum'])).firstOn).toBe(-1);
    expect(at(ticks(99, ['latency-budget'], { utilisation: 0.1 })).firstOn).toBe(-1);
    const broken = Array.from({ length: 99 }, (_, index) =>
      ticks(1, index % 20 ? ['maximum'] : []),
    );
    expect(at(broken.flat()).firstOn).toBe(-1);
  });

  it('does not count time that nobody spoke for', () => {
    const limit = new AtLimit();
    for (const nowMs of [0, 60_000, 120_000]) {
      expect(limit.step({ nowMs, reasons: ['maximum'], utilisation: 1 })).toBe(false);
    }
  });
});
