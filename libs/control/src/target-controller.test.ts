import { type BurstForecast, LinkForecaster } from '@levitate/forecast';
import { ByteFifo } from '@levitate/queueing';
import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferBytesMin, latencyBudgetShare } from './safety/envelope.ts';
import { TargetController, type TargetDecision, type TargetSettings } from './target-controller.ts';
import { forecastOf } from './testdata/forecast-of.ts';

const START_MS = 1_700_000_000_000;
const DRAIN = 12.5e6;
const BUDGET = DRAIN * 0.15 * latencyBudgetShare;

const queue: TargetSettings = {
  kind: 'queue',
  predictive: true,
  min: bufferBytesMin,
  max: 16_777_216,
  latencyBudgetMs: 150,
  maxChangesPerMinute: 10,
  actuationDelayMs: 100,
  periodMs: 100,
  holdMs: 10_000,
  setpoint: 0.7,
};

/** A burst of `needBytes` every 20 s, all of it within one sample. */
function sampleAt(tick: number, options: { limit: number; needBytes?: number }): Sample {
  const isBurst = tick > 0 && tick % 200 === 0;
  const need = isBurst ? (options.needBytes ?? 1.2e6) : 3000;
  return {
    link: 'a',
    timeUnixMs: START_MS + tick * 100,
    intervalMs: 100,
    throughputBytesPerSecond: isBurst ? 20e6 : 2e6,
    throughputPeakBytesPerSecond: isBurst ? 80e6 : 2.5e6,
    packetsPerSecond: isBurst ? 13_000 : 1300,
    queueBytes: 0,
    queueHighWaterBytes: Math.min(need, options.limit),
    droppedBytes: Math.max(0, need - options.limit),
    limitBytes: options.limit,
    drainBytesPerSecond: DRAIN,
    origin: 'simulated',
  };
}

interface Played {
  decisions: TargetDecision[];
  limits: number[];
  droppedBytes: number[];
}

function play(
  ticks: number,
  at: {
    settings?: Partial<TargetSettings>;
    forecast?: (sample: Sample) => BurstForecast | undefined;
  },
): Played {
  const controller = new TargetController({ ...queue, ...at.settings });
  const played: Played = { decisions: [], limits: [], droppedBytes: [] };
  let limit = bufferBytesMin;
  for (let tick = 0; tick < ticks; tick++) {
    const sample = sampleAt(tick, { limit });
    const forecast = at.forecast?.(sample);
    const decision = controller.step({ nowMs: tick * 100, sample, forecast, size: limit });
    played.decisions.push(decision);
    played.droppedBytes.push(sample.droppedBytes ?? 0);
    limit = decision.allowed;
    played.limits.push(limit);
  }
  return played;
}

function learned(): (sample: Sample) => BurstForecast {
  const forecaster = new LinkForecaster({ link: 'a' });
  let newest: BurstForecast | undefined;
  let tick = 0;
  return (sample) => {
    forecaster.learn(sample);
    if (tick++ % 5 === 0 || !newest) newest = forecaster.forecast();
    return newest;
  };
}

/** Knows the bursts of `sampleAt`, and says so from 8 s ahead on. */
function announcing(sample: Sample): BurstForecast {
  const phaseS = ((sample.timeUnixMs - START_MS) / 1000) % 20;
  const aheadS = 20 - phaseS - 0.1;
  const needBytes = { q50: 1.2e6, q90: 1.3e6, q99: 1.4e6 };
  const timeToBurstS = aheadS < 8 ? aheadS : undefined;
  return forecastOf({ madeUnixMs: sample.timeUnixMs, timeToBurstS, needBytes });
}

describe('TargetController', () => {
  it('has room before an announced burst and gives it back in one move after it', () => {
    const { limits, droppedBytes, decisions } = play(1400, { forecast: learned() });
    // The first bursts nobody could know; the fifth (tick 1000) is announced.
    expect(droppedBytes[200]).toBeGreaterThan(0);
    expect(droppedBytes[1000]).toBe(0);
    expect(limits[998]).toBeGreaterThan(1.2e6);
    expect(decisions[998]).toMatchObject({ law: 'predictive', reasons: ['burst-expected'] });
    expect(limits[985]).toBe(bufferBytesMin);
    const back = limits.findIndex((limit, tick) => tick > 1000 && limit < (limits[tick - 1] ?? 0));
    expect(back).toBeLessThan(1010);
    expect(limits[back]).toBe(bufferBytesMin);
  });

  it('keeps the room that only the reactive law would have held', () => {
    const announced = play(1400, { forecast: learned() });
    const reactive = play(1400, { settings: { predictive: false } });
    const held = (played: Played) => played.limits.slice(1000).reduce((sum, size) => sum + size, 0);
    expect(held(announced)).toBeLessThan(0.75 * held(reactive));
    expect(reactive.droppedBytes[1000]).toBeGreaterThan(0);
  });

  it('gives the room back when the announced burst fails to come', () => {
    const forecast = learned();
    const controller = new TargetController(queue);
    let limit = bufferBytesMin;
    const limits: number[] = [];
    for (let tick = 0; tick < 1100; tick++) {
      const burst = sampleAt(tick, { limit });
      const calm = { ...sampleAt(1, { limit }), timeUnixMs: burst.timeUnixMs };
      const sample = tick < 950 ? burst : calm;
      const input = { nowMs: tick * 100, sample, forecast: forecast(sample), size: limit };
      limit = controller.step(input).allowed;
      limits.push(limit);
    }
    expect(Math.max(...limits.slice(980, 1000))).toBeGreaterThan(1.2e6);
    expect(limits[1050]).toBe(bufferBytesMin);
  });

  it('keeps the room of an announcement that the next forecast is less sure of', () => {
    const wavering = (sample: Sample) => {
      const forecast = announcing(sample);
      const isLast = forecast.burstPredicted && forecast.timeToBurstS < 1;
      return isLast ? { ...forecast, confidence: 0.8 } : forecast;
    };
    const silent = (sample: Sample) => {
      const forecast = announcing(sample);
      const isLast = forecast.burstPredicted && forecast.timeToBurstS < 1;
      return isLast ? forecastOf({ madeUnixMs: sample.timeUnixMs }) : forecast;
    };
    for (const forecast of [announcing, wavering, silent]) {
      const { droppedBytes, limits } = play(1300, { forecast });
      expect(droppedBytes[1200]).toBe(0);
      expect(limits[1150]).toBe(bufferBytesMin);
    }
  });

  it('leaves a burst to the reactive law that was announced, but never surely enough', () => {
    const reactive = play(900, { settings: { predictive: false } }).limits;
    const unsure = (sample: Sample) => {
      const forecast = announcing(sample);
      return { ...forecast, confidence: Math.min(0.9, forecast.confidence) };
    };
    const { limits, decisions } = play(900, { forecast: unsure });
    expect(decisions.at(-1)?.forecastUnused).toBe('abstained');
    expect(limits).toEqual(reactive);
  });

  it('is the reactive law to the byte without a forecast it may act on', () => {
    const reactive = play(900, { settings: { predictive: false } }).limits;
    const late = (sample: Sample) =>
      forecastOf({ madeUnixMs: sample.timeUnixMs - 5000, timeToBurstS: 1 });
    const broken = (sample: Sample) =>
      forecastOf({ madeUnixMs: sample.timeUnixMs, timeToBurstS: Number.NaN });
    const alwaysOn = (sample: Sample) =>
      forecastOf({ madeUnixMs: sample.timeUnixMs, timeToBurstS: 0.5 });
    const wrong = (sample: Sample) => {
      const phaseS = ((sample.timeUnixMs - START_MS) / 1000) % 20;
      const timeToBurstS = phaseS < 8 ? 8 - phaseS : undefined;
      return forecastOf({ madeUnixMs: sample.timeUnixMs, timeToBurstS });
    };
    for (const forecast of [() => undefined, late, broken, alwaysOn, wrong]) {
      expect(play(900, { forecast }).limits).toEqual(reactive);
    }
  });

  it('says why a forecast is not used', () => {
    expect(play(10, {}).decisions.at(-1)?.forecastUnused).toBe('predictor-gone');
    expect(play(10, { forecast: learned() }).decisions.at(-1)?.forecastUnused).toBe('unproven');
    const { decisions } = play(10, { settings: { predictive: false } });
    expect(decisions.at(-1)?.forecastUnused).toBeUndefined();
  });

  it('never drops more of a queue than the reactive law, whatever the bursts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 8 }), (packets) => {
        const dropped = [false, true].map((predictive) => {
          const controller = new TargetController({ ...queue, predictive });
          const forecast = learned();
          const fifo = new ByteFifo({
            link: 'a',
            drainBytesPerSecond: DRAIN,
            limitBytes: bufferBytesMin,
          });
          for (let tick = 0; tick < 1600; tick++) {
            const arriving = tick % 200 === 0 ? (packets[tick / 200] ?? 0) : 0;
            // 1,000 packets/s outside bursts; a burst comes within 50 ms.
            for (let ms = 0; ms < 100; ms++) {
              fifo.step(1 + (ms < 50 ? Math.round(arriving / 50) : 0));
            }
            const sample = fifo.takeSample(START_MS + tick * 100);
            const size = fifo.limitBytes;
            const input = { nowMs: tick * 100, sample, forecast: forecast(sample), size };
            fifo.setLimit(controller.step(input).allowed);
          }
          return fifo.counters.droppedPackets;
        });
        expect(dropped[1]).toBeLessThanOrEqual(dropped[0] as number);
      }),
      { numRuns: 10 },
    );
  });

  it('stays within the latency budget and gives numbers whatever it is fed', () => {
    const hostile = fc.oneof(fc.double(), fc.constantFrom(undefined, Number.NaN, -1, 1e308));
    const tick = fc.record({
      stepMs: fc.oneof(fc.constant(100), fc.integer({ min: -100_000, max: 100_000 })),
      rate: hostile,
      queue: hostile,
      dropped: hostile,
      timeToBurstS: fc.oneof(fc.double(), fc.double({ min: 0, max: 10, noNaN: true })),
      isMissing: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 150 }), (ticks) => {
        const controller = new TargetController(queue);
        let timeUnixMs = START_MS;
        let size = bufferBytesMin;
        for (const [index, at] of ticks.entries()) {
          timeUnixMs += at.stepMs;
          const sample = {
            ...sampleAt(index, { limit: size }),
            timeUnixMs,
            throughputBytesPerSecond: at.rate,
            queueHighWaterBytes: at.queue,
            droppedBytes: at.dropped,
          };
          const { allowed, wished } = controller.step({
            nowMs: index * 100,
            sample: at.isMissing ? undefined : sample,
            forecast: forecastOf({ madeUnixMs: timeUnixMs, timeToBurstS: at.timeToBurstS }),
            size,
          });
          expect(Number.isFinite(wished)).toBe(true);
          expect(allowed).toBeGreaterThanOrEqual(bufferBytesMin);
          expect(allowed).toBeLessThanOrEqual(BUDGET);
          size = allowed;
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(['queue', 'capacity'] as const)('a %s of which a sample comes every 15 s', (kind) => {
  it('is under the reactive law alone, every tick, and every number is one', () => {
    const coarse = (tick: number): Sample => ({
      ...sampleAt(tick, { limit: 1e6 }),
      timeUnixMs: START_MS + tick * 100,
      intervalMs: 15_000,
      sequence: tick / 150,
      throughputBytesPerSecond: tick % 1200 === 0 ? 2e7 : 2e6,
      queueHighWaterBytes: undefined,
      queueBytes: tick % 1200 === 0 ? 900_000 : 3000,
      origin: 'prometheus',
    });
    const withForecasts = new TargetController({ ...queue, kind });
    const reactive = new TargetController({ ...queue, kind, predictive: false });
    const forecaster = new LinkForecaster({ link: 'a' });
    let size = 500_000;
    const changes = new Set<number>();
    for (let tick = 0; tick < 18_000; tick++) {
      const sample = tick % 150 === 0 ? coarse(tick) : undefined;
      if (sample !== undefined) forecaster.learn(sample);
      const input = { nowMs: tick * 100, sample, size };
      const decision = withForecasts.step({ ...input, forecast: forecaster.forecast() });
      const alone = reactive.step({ ...input, forecast: undefined });
      expect(decision.law).toBe('reactive');
      expect(decision.allowed).toBe(alone.allowed);
      expect(Number.isFinite(decision.wished)).toBe(true);
      size = decision.allowed;
      changes.add(size);
    }
    // The law does act on such samples; it is not merely silent.
    expect(changes.size).toBeGreaterThan(2);
  });
});
