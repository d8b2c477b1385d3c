import type { Sample } from '@levitate/series';
import { arrivals, planTraffic, type TrafficOptions, type TrafficPlan } from '@levitate/traffic';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BurstForecast } from './burst-forecast.ts';
import { ClaimScorer } from './claim-scorer.ts';
import { LinkForecaster, statisticalForecasters } from './link-forecaster.ts';
import type { OnsetForecast, OnsetForecaster } from './onset-forecast.ts';

const START_MS = 1_700_000_000_000;

function samplesOf(plan: TrafficPlan): Sample[] {
  const count = plan.durationMs / 100;
  return Array.from(arrivals(plan, { fromMs: 0, stepMs: 100, count }), (packets, index) => ({
    link: 'a',
    timeUnixMs: START_MS + (index + 1) * 100,
    intervalMs: 100,
    throughputBytesPerSecond: packets * 15_000,
    packetsPerSecond: packets * 10,
    origin: 'simulated' as const,
  }));
}

function plan(options: Partial<TrafficOptions> & Pick<TrafficOptions, 'kind'>): TrafficPlan {
  return planTraffic({
    seed: 7,
    durationMs: 900_000,
    basePps: [1500, 1500],
    drainBytesPerSecond: 12e6,
    burst: { by: 'amplitude', lengthS: [0.5, 3] },
    ...options,
  });
}

/** Score the forecasts of one trace by claims, from the fifth burst on. */
function play(traffic: TrafficPlan): { scorer: ClaimScorer; announced: number; serving: string } {
  const forecaster = new LinkForecaster({ link: 'a' });
  const scorer = new ClaimScorer();
  const countedMs = START_MS + (traffic.bursts[3]?.timeMs ?? 0) + 4000;
  const onsets = traffic.bursts.map((burst) => START_MS + burst.timeMs);
  let announced = 0;
  for (const [index, sample] of samplesOf(traffic).entries()) {
    while (onsets[0] !== undefined && onsets[0] <= sample.timeUnixMs) {
      const atMs = onsets.shift() as number;
      if (atMs > countedMs) scorer.onset({ atMs });
    }
    forecaster.learn(sample);
    if (index % 10 !== 0) continue;
    const forecast = forecaster.forecast();
    if (forecast.burstPredicted) announced += 1;
    if (sample.timeUnixMs < countedMs) continue;
    const tauMs = sample.timeUnixMs + Math.max(0, forecast.timeToBurstS) * 1000;
    scorer.forecast({
      atMs: sample.timeUnixMs,
      tauMs: forecast.burstPredicted ? tauMs : undefined,
    });
  }
  return { scorer, announced, serving: forecaster.serving };
}

function finite(forecast: BurstForecast): boolean {
  const { madeUnixMs, confidence, timeToBurstS, timeSdS, magnitude } = forecast;
  const quantiles = [
    forecast.durationS,
    forecast.peakBytesPerSecond,
    forecast.volumeBytes,
    forecast.needBytes,
    ...forecast.levelBytesPerSecond,
  ];
  return [madeUnixMs, confidence, timeToBurstS, timeSdS, magnitude]
    .concat(quantiles.flatMap(({ q50, q90, q99 }) => [q50, q90, q99]))
    .every(Number.isFinite);
}

describe('LinkForecaster', () => {
  it('announces periodic bursts seconds ahead, nearly all of them and nearly nothing else', () => {
    const { precision, recall, leadMsMedian } = play(plan({ kind: 'periodic' })).scorer.total();
    expect(precision).toBeGreaterThan(0.95);
    expect(recall).toBeGreaterThan(0.95);
    expect(leadMsMedian).toBeGreaterThan(5000);
  });

  it('announces bursts that a ramp precedes, although no clock tells them', () => {
    const { precision, recall, leadMsMedian } = play(plan({ kind: 'precursor' })).scorer.total();
    expect(precision).toBeGreaterThan(0.8);
    expect(recall).toBeGreaterThan(0.9);
    expect(leadMsMedian).toBeGreaterThan(1500);
  });

  it('serves each kind of traffic by the forecaster that knows it', () => {
    const served = (kind: 'periodic' | 'precursor') => {
      const forecaster = new LinkForecaster({ link: 'a' });
      const heard = new Map<string, number>();
      for (const [index, sample] of samplesOf(plan({ kind, durationMs: 300_000 })).entries()) {
        forecaster.learn(sample);
        if (index % 10 !== 0) continue;
        const { burstPredicted, model } = forecaster.forecast();
        if (burstPredicted) heard.set(model, (heard.get(model) ?? 0) + 1);
      }
      return [...heard].sort((one, other) => other[1] - one[1])[0]?.[0];
    };
    expect(served('periodic')).toBe('periodic@1');
    expect(served('precursor')).toBe('precursor@1');
  });

  it('stays silent on traffic without bursts, and nearly so on bursts without a rule', () => {
    expect(play(plan({ kind: 'flat' })).announced).toBe(0);
    const random = play(plan({ kind: 'random' }));
    expect(random.announced).toBeLessThan(0.05 * 900);
  });

  it('ignores duplicates and late samples', () => {
    const samples = samplesOf(plan({ kind: 'periodic', durationMs: 120_000 }));
    const clean = new LinkForecaster({ link: 'a' });
    const noisy = new LinkForecaster({ link: 'a' });
    for (const [index, sample] of samples.entries()) {
      clean.learn(sample);
      noisy.learn(sample);
      noisy.learn(sample);
      const late = samples[index - 5];
      if (late) noisy.learn(late);
      expect(noisy.forecast()).toEqual(clean.forecast());
    }
  });

  it('starts afresh after the clock stepped, without announcing what cannot be known', () => {
    const samples = samplesOf(plan({ kind: 'periodic', durationMs: 300_000 }));
    const forecaster = new LinkForecaster({ link: 'a' });
    for (const sample of samples) forecaster.learn(sample);
    for (const sample of samples.slice(0, 300)) {
      const timeUnixMs = sample.timeUnixMs - 3_600_000;
      forecaster.learn({ ...sample, timeUnixMs });
    }
    expect(forecaster.forecast().burstPredicted).toBe(false);
    expect(forecaster.forecast().madeUnixMs).toBe(START_MS + 30_000 - 3_600_000);
  });

  it('abstains from samples too long to time a burst by, however regular the bursts', () => {
    const forecaster = new LinkForecaster({ link: 'a' });
    for (let step = 1; step <= 400; step++) {
      forecaster.learn({
        link: 'a',
        timeUnixMs: START_MS + step * 15_000,
        intervalMs: 15_000,
        throughputBytesPerSecond: step % 8 === 0 ? 5e7 : 1e6 + step,
        origin: 'prometheus',
      });
      const forecast = forecaster.forecast();
      expect(forecast).toMatchObject({ burstPredicted: false, confidence: 0 });
      expect(forecast.abstained).toEqual(['coarse-samples']);
      // A slow resource, too, is then sized by what was measured alone.
      expect(forecast.levelBytesPerSecond).toEqual([]);
      if (!finite(forecast)) throw new Error(JSON.stringify(forecast));
    }
  });

  it('lets a forecaster that was handed in speak, and passes on its calibrated doubt', () => {
    const said: OnsetForecast[] = [
      { timeS: 4, sdS: 0.2, probability: 0.9 },
      { abstained: 'untrusted', probability: 0.3 },
    ];
    const learned: OnsetForecaster = {
      name: 'learned',
      isCalibrated: true,
      learn: () => {},
      forecast: () => said.shift() ?? { abstained: 'no-data' },
    };
    const forecaster = new LinkForecaster({
      link: 'a',
      newForecasters: () => [...statisticalForecasters(), learned],
    });
    const sample = { link: 'a', intervalMs: 100, origin: 'push' as const };
    forecaster.learn({ ...sample, timeUnixMs: START_MS, throughputBytesPerSecond: 1e6 });
    expect(forecaster.forecast()).toMatchObject({ burstPredicted: true, timeToBurstS: 4 });
    forecaster.learn({ ...sample, timeUnixMs: START_MS + 100, throughputBytesPerSecond: 1e6 });
    const doubt = forecaster.forecast();
    expect(doubt).toMatchObject({ burstPredicted: false, model: 'learned@1' });
    expect(doubt.confidence).toBeGreaterThan(0.2);
  });

  it('lets only the one with the best record on the link speak beside a calibrated one', () => {
    const plan = planTraffic({ kind: 'periodic', seed: 3, durationMs: 300_000 });
    let nowMs = 0;
    const learned: OnsetForecaster = {
      name: 'learned',
      isCalibrated: true,
      learn: ({ sample }) => {
        nowMs = sample.timeUnixMs - START_MS;
      },
      forecast: (horizonS) => {
        const next = plan.bursts.find(({ timeMs }) => timeMs > nowMs);
        const timeS = ((next?.timeMs ?? Number.POSITIVE_INFINITY) - nowMs) / 1000;
        if (timeS > horizonS) return { abstained: 'outside-horizon', probability: 0.1 };
        return { timeS, sdS: 0.1, probability: 0.95 };
      },
    };
    const wild: OnsetForecaster = {
      name: 'wild',
      learn: () => {},
      forecast: () => ({ timeS: 5, sdS: 0.1, probability: 1 }),
    };
    const newForecasters = () => [wild, learned];
    const forecaster = new LinkForecaster({ link: 'a', newForecasters });
    const late: string[] = [];
    samplesOf(plan).forEach((sample, index) => {
      forecaster.learn(sample);
      if (index % 10 !== 9) return;
      const { model } = forecaster.forecast();
      if (index > 1500) late.push(model);
    });
    expect(new Set(late)).toEqual(new Set(['learned@1']));
  });

  it('opens one claim a second by a timer of a second whose samples wander', () => {
    let isSpeaking = true;
    let said = 0;
    const counter: OnsetForecaster = {
      name: 'counter',
      learn: () => {},
      // Every forecast names another second, so that each that may claim opens a claim.
      forecast: () =>
        isSpeaking
          ? { timeS: 3 * ++said, sdS: 0.1, probability: 1 }
          : { abstained: 'untrusted', probability: 0 },
    };
    const forecaster = new LinkForecaster({ link: 'a', newForecasters: () => [counter] });
    let timeUnixMs = START_MS;
    const pass = (stepMs: number) => {
      timeUnixMs += stepMs;
      forecaster.learn({ link: 'a', timeUnixMs, intervalMs: 1000, origin: 'push' });
      forecaster.forecast();
    };
    for (const stepMs of Array.from({ length: 30 }, () => [900, 1100, 1000]).flat()) {
      pass(stepMs);
      // A reader that asks again within the second opens no second claim.
      forecaster.forecast();
    }
    isSpeaking = false;
    for (let silent = 0; silent < 600; silent++) pass(1000);
    const [record] = forecaster.scores();
    expect(said).toBe(180);
    expect(record?.score).toMatchObject({ onsets: 0, falseAlarms: 90 });
  });

  it('says of every forecaster what it did in all and of late', () => {
    const { serving } = play(plan({ kind: 'periodic' }));
    const forecaster = new LinkForecaster({ link: 'a' });
    for (const [index, sample] of samplesOf(plan({ kind: 'periodic' })).entries()) {
      forecaster.learn(sample);
      if (index % 10 === 0) forecaster.forecast();
    }
    const record = forecaster.scores().find((one) => one.forecaster === serving);
    const { hits = 0, misses = 0, falseAlarms = 0, onsets = 0 } = record?.recent ?? {};
    expect(onsets).toBe(12);
    expect(record?.score.onsets).toBeGreaterThan(20);
    expect(hits).toBeLessThan(record?.score.hits ?? 0);
    expect(record?.record).toBeCloseTo((hits + 1) / (hits + misses + falseAlarms + 2), 12);
  });

  it('gives finite numbers whatever the samples hold', () => {
    const hostile = fc.oneof(
      fc.double(),
      fc.constantFrom(undefined, Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 1e308),
    );
    const sample = fc.record({
      stepMs: fc.oneof(fc.constant(100), fc.integer({ min: -200_000, max: 200_000 })),
      rate: hostile,
      peak: hostile,
      queue: hostile,
      dropped: hostile,
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 200 }), (steps) => {
        const forecaster = new LinkForecaster({ link: 'a' });
        let timeUnixMs = START_MS;
        for (const step of steps) {
          timeUnixMs += step.stepMs;
          forecaster.learn({
            link: 'a',
            timeUnixMs,
            intervalMs: 100,
            throughputBytesPerSecond: step.rate,
            throughputPeakBytesPerSecond: step.peak,
            queueHighWaterBytes: step.queue,
            droppedBytes: step.dropped,
            origin: 'push',
          });
          const forecast = forecaster.forecast();
          if (!finite(forecast)) throw new Error(JSON.stringify(forecast));
        }
      }),
      { numRuns: 60 },
    );
  });
});
