import { type BurstForecast, LinkForecaster } from '@levitate/forecast';
import { arrivals, planTraffic } from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import { AtLimit, ForecastAnomaly } from './anomaly.ts';
import { forecastOf } from './testdata/forecast-of.ts';

const level = { q50: 1_000, q90: 1_500, q99: 2_000 };
const steady = { levelBytesPerSecond: Array(10).fill(level), abstained: [] };
const push = { origin: 'push' as const };
const inBurst = { levelBytesPerSecond: [], abstained: ['in-burst' as const] };

/** Seconds after which a forecaster's spread is believed. */
const warmupS = 61;

type Second = {
  rates: readonly (number | undefined)[];
  forecast: Partial<BurstForecast> | undefined;
};

/** Plays seconds of ten samples, and what is forecast meanwhile. @returns when it is on */
function anomalousSeconds(seconds: readonly Second[]): number[] {
  const anomaly = new ForecastAnomaly();
  return seconds.flatMap(({ rates, forecast }, second) => {
    let isOn = false;
    for (let tick = 0; tick < 10; tick += 1) {
      const timeUnixMs = second * 1_000 + tick * 100;
      const rate = rates[tick % rates.length];
      const measured = { timeUnixMs, intervalMs: 100, throughputBytesPerSecond: rate };
      const given = forecast && forecastOf({ madeUnixMs: timeUnixMs, ...forecast });
      isOn = anomaly.step({ sample: { link: 'a', ...measured, ...push }, forecast: given });
    }
    return isOn ? [second - warmupS] : [];
  });
}

/** Seconds of one rate. */
function during(
  count: number,
  rate: number | undefined,
  forecast?: Partial<BurstForecast>,
): Second[] {
  return Array.from({ length: count }, () => ({ rates: [rate], forecast }));
}

const warmup = during(warmupS, 1_200, steady);
const calm = during(5, 1_200, steady);

describe('ForecastAnomaly', () => {
  it('is on after five seconds above the band, and off after five within it', () => {
    const above = (count: number) => [...warmup, ...during(count, 2_500, steady)];
    expect(anomalousSeconds([...above(4), ...calm])).toEqual([]);
    // A second is judged when it is over.
    const on = anomalousSeconds([...above(8), ...calm, ...calm]);
    expect(on).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is on where traffic is far below what was forecast', () => {
    const high = { ...steady, levelBytesPerSecond: Array(10).fill({ q50: 9, q90: 10, q99: 11 }) };
    const on = anomalousSeconds([...during(warmupS, 9, high), ...during(8, 1, high)]);
    expect(on).toEqual([5, 6, 7]);
  });

  it('is on in a long burst nobody announced, and not in one that was', () => {
    const burst = during(9, 50_000, inBurst);
    expect(anomalousSeconds([...warmup, ...burst])).toEqual([5, 6, 7, 8]);
    const announced = {
      ...{ ...steady, timeToBurstS: 1.5, timeSdS: 0.1, burstPredicted: true },
      peakBytesPerSecond: { q50: 40_000, q90: 50_000, q99: 60_000 },
    };
    const expected = [...warmup, ...during(1, 1_200, announced), ...burst];
    expect(anomalousSeconds(expected)).toEqual([]);
  });

  it('is not on for a burst of 3.4 s, which touches five seconds', () => {
    const edge = (fast: number, isEnd: boolean): Second => {
      const slow = Array(10 - fast).fill(1_200);
      const high = Array(fast).fill(50_000);
      return { rates: isEnd ? [...high, ...slow] : [...slow, ...high], forecast: inBurst };
    };
    const burst = [edge(2, false), ...during(3, 50_000, inBurst), edge(2, true)];
    expect(anomalousSeconds([...warmup, ...burst, ...calm, ...calm])).toEqual([]);
  });

  it('does not believe the spread of a forecaster that has just begun', () => {
    const early = [...during(40, 1_200, steady), ...during(10, 2_500, steady)];
    expect(anomalousSeconds([...early, ...calm])).toEqual([]);
  });

  it('says nothing where nobody forecasts, or nothing is measured', () => {
    expect(anomalousSeconds(during(90, 5_000))).toEqual([]);
    expect(anomalousSeconds([...warmup, ...during(30, undefined, steady)])).toEqual([]);
    const on = anomalousSeconds([...warmup, ...during(8, 2_500, steady), ...during(40, 2_500)]);
    expect([on[0], (on.at(-1) ?? 0) < 30]).toEqual([5, true]);
  });

  it('is not on for traffic as the forecasters know it', () => {
    for (const kind of ['periodic', 'precursor', 'self-similar'] as const) {
      const plan = planTraffic({ kind, seed: 1, durationMs: 300_000 });
      const forecaster = new LinkForecaster({ link: 'a' });
      const anomaly = new ForecastAnomaly();
      let forecast: BurstForecast | undefined;
      let onTicks = 0;
      const counts = arrivals(plan, { fromMs: 0, stepMs: 100, count: 3_000 });
      for (const [tick, packets] of counts.entries()) {
        const rates = {
          throughputBytesPerSecond: packets * 15_000,
          packetsPerSecond: packets * 10,
        };
        const timeUnixMs = 1_700_000_000_100 + tick * 100;
        const sample = { link: 'a', timeUnixMs, intervalMs: 100, ...rates, ...push };
        forecaster.learn(sample);
        if (tick % 5 === 0) forecast = forecaster.forecast();
        if (anomaly.step({ sample, forecast })) onTicks += 1;
      }
      expect([kind, onTicks]).toEqual([kind, 0]);
    }
  });

  it('takes a clock that steps and numbers that are none', () => {
    const anomaly = new ForecastAnomaly();
    for (const timeUnixMs of [5_000, 1_000, Number.NaN, 90_000]) {
      const measured = { timeUnixMs, intervalMs: 100, throughputBytesPerSecond: -1 };
      const sample = { link: 'a', ...measured, ...push };
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
