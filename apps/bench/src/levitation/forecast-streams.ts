import { SeededRandom } from '@levitate/clock';
import type { BurstForecast, LinkForecaster } from '@levitate/forecast';
import type { PlannedBurst } from '@levitate/traffic';
import {
  type ForecastStream,
  type PoolTrace,
  poolSample,
  START_UNIX_MS,
  TICK_MS,
} from './slow-resource-run.ts';

/** Ticks between two forecasts, as the predictor makes them: 500 ms. */
const FORECAST_TICKS = 5;
/** Length of the blocks that shuffling moves, ms. */
const BLOCK_MS = 5000;

/** Forecasts of a trace, one every 500 ms, oldest first. */
export type Forecasts = readonly BurstForecast[];

/** What a forecaster says, having seen the trace up to each moment. @param forecaster fresh */
export function realForecasts(trace: PoolTrace, forecaster: LinkForecaster): Forecasts {
  const forecasts: BurstForecast[] = [];
  for (let tick = 0; tick < trace.arrivedBytes.length; tick++) {
    forecaster.learn(poolSample(trace, tick));
    if (tick % FORECAST_TICKS === 0) forecasts.push(forecaster.forecast());
  }
  return forecasts;
}

/** The true onset, length and peak of the next burst; everything else as the predictor said it. */
export function perfectForecasts(trace: PoolTrace, real: Forecasts): Forecasts {
  return real.map((forecast) => {
    const atMs = forecast.madeUnixMs - START_UNIX_MS;
    const next = trace.plan.bursts.find((burst) => burst.timeMs >= atMs);
    const timeToBurstS = next ? (next.timeMs - atMs) / 1000 : Number.POSITIVE_INFINITY;
    if (!next || timeToBurstS > forecast.horizonS) {
      return { ...forecast, ...SILENT, abstained: ['outside-horizon' as const], model: 'perfect' };
    }
    const peak = same(truePeak(trace, next));
    const durationS = next.durationMs / 1000;
    return {
      ...forecast,
      burstPredicted: true,
      confidence: 1,
      timeToBurstS,
      timeSdS: 0,
      durationS: same(durationS),
      peakBytesPerSecond: peak,
      volumeBytes: same(peak.q50 * durationS),
      abstained: [],
      model: 'perfect',
    };
  });
}

/** 5 s blocks of the forecasts put at random times: all of it is said, none at its time. */
export function shuffledForecasts(real: Forecasts, seed: number | string): Forecasts {
  const perBlock = BLOCK_MS / (FORECAST_TICKS * TICK_MS);
  const random = new SeededRandom(seed).fork('shuffle');
  const blocks = Array.from({ length: Math.ceil(real.length / perBlock) }, (_, i) =>
    real.slice(i * perBlock, (i + 1) * perBlock),
  );
  for (let i = blocks.length - 1; i > 0; i--) {
    const j = Math.floor(random.float() * (i + 1));
    [blocks[i], blocks[j]] = [blocks[j] as BurstForecast[], blocks[i] as BurstForecast[]];
  }
  return blocks.flat().map((forecast, i) => ({
    ...forecast,
    madeUnixMs: (real[i] as BurstForecast).madeUnixMs,
    model: 'shuffled',
  }));
}

/** The same forecast at all times: a burst of the trace's usual size, half a horizon away. */
export function constantForecasts(real: Forecasts): Forecasts {
  const sized = real.findLast(({ peakBytesPerSecond }) => peakBytesPerSecond.q50 > 0) ?? real[0];
  return real.map(({ madeUnixMs }) => ({
    ...(sized as BurstForecast),
    madeUnixMs,
    burstPredicted: true,
    confidence: 1,
    timeToBurstS: (sized as BurstForecast).horizonS / 2,
    timeSdS: 0.2,
    abstained: [],
    model: 'constant',
  }));
}

/** The newest forecast known at each tick. */
export function streamOf(forecasts: Forecasts): ForecastStream {
  return (tick) => forecasts[Math.floor(tick / FORECAST_TICKS)];
}

const SILENT = { burstPredicted: false, confidence: 0, timeToBurstS: 10, timeSdS: 0 };

function same(value: number): { q50: number; q90: number; q99: number } {
  return { q50: value, q90: value, q99: value };
}

function truePeak({ arrivedBytes }: PoolTrace, burst: PlannedBurst): number {
  const from = Math.floor(burst.timeMs / TICK_MS);
  const to = Math.ceil((burst.timeMs + burst.durationMs) / TICK_MS);
  return (arrivedBytes.slice(from, to).reduce((a, b) => Math.max(a, b), 0) * 1000) / TICK_MS;
}
