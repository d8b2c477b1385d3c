import { TargetController } from '@levitate/control';
import type { LinkForecaster } from '@levitate/forecast';
import { planTraffic } from '@levitate/traffic';
import { openServed } from '../open-served.ts';
import { announcementsOf } from './announcements.ts';
import {
  constantForecasts,
  type Forecasts,
  perfectForecasts,
  realForecasts,
  shuffledForecasts,
  streamOf,
} from './forecast-streams.ts';
import {
  CLASSES,
  type SlowResourceFigures,
  slowResourceFigures,
  type TraceOutcome,
  type TrafficClass,
} from './slow-resource-figures.ts';
import {
  type PoolPolicy,
  type PoolTrace,
  poolTrace,
  runPool,
  TICK_MS,
} from './slow-resource-run.ts';

/** Conditions of track T4, generated part (SPEC 12). */
const ACTUATION_DELAY_MS = 1000;
const MAX_CHANGES_PER_MINUTE = 60;
const BURST_LENGTH_S = [0.5, 3] as const;
const BASE_PPS = [1000, 5000] as const;
/** Room for the highest base with decoys. */
const DRAIN_BYTES_PER_SECOND = 5000 * 1500 * 4.2;
/** The smallest pool, as a share of the peak demand. */
const MIN_SHARE = 0.02;
/** Hold of the reactive law that the bar compares with, and of its preset for pools, ms. */
const HOLD_MS = 10_000;
const POOL_HOLD_MS = 60_000;

/**
 * Track T4, generated part: a pool whose new capacity is usable 1 s after it was asked for, under
 * the reactive law, a static maximum, and the controller with real, perfect, shuffled and constant
 * forecasts. The real ones are those of the service, with the shipped model where it serves, and,
 * beside them, those of the statistical forecasters alone. All see the arrivals only, never the
 * plan they were drawn from.
 */
export async function measureSlowResource(options: {
  seed: number;
  quick: boolean;
  progress: (text: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<SlowResourceFigures> {
  const traces = options.quick ? 4 : 20;
  const durationMs = options.quick ? 300_000 : 900_000;
  const { newForecaster, newStatistical, environment } = await openServed();
  const outcomes = new Map<string, TraceOutcome[]>();
  for (const traffic of CLASSES) {
    const all: TraceOutcome[] = [];
    for (let index = 0; index < traces; index++) {
      options.signal?.throwIfAborted();
      options.progress(`T4 ${traffic.name} ${index + 1}/${traces}`);
      const seed = `${options.seed}-t4-${index}`;
      const forecasters = { served: newForecaster(), statistical: newStatistical() };
      all.push(runTrace({ ...traffic, seed, durationMs }, forecasters));
      await new Promise(setImmediate);
    }
    outcomes.set(traffic.name, all);
  }
  const figures = slowResourceFigures({ outcomes, traces, durationMs });
  return { ...figures, environment: { ...figures.environment, t4_model: environment.model } };
}

function runTrace(
  at: TrafficClass & { seed: string; durationMs: number },
  forecasters: { served: LinkForecaster; statistical: LinkForecaster },
): TraceOutcome {
  const { kind, intervals, seed, durationMs } = at;
  const plan = planTraffic({
    kind,
    intervals,
    seed,
    durationMs,
    basePps: BASE_PPS,
    drainBytesPerSecond: DRAIN_BYTES_PER_SECOND,
    burst: { by: 'amplitude', lengthS: BURST_LENGTH_S },
  });
  const trace = poolTrace(plan);
  const real = realForecasts(trace, forecasters.served);
  const statistical = realForecasts(trace, forecasters.statistical);
  const run = (policy: PoolPolicy, forecasts?: Forecasts) =>
    runPool({
      trace,
      policy,
      actuationDelayMs: ACTUATION_DELAY_MS,
      forecasts: forecasts && streamOf(forecasts),
    });
  const predictive = (forecasts: Forecasts) =>
    run(controlled(trace, { isPredictive: true }), forecasts);
  return {
    trace,
    servedBy: announcementsOf(real),
    totals: {
      reactiveHold10: run(controlled(trace, { isPredictive: false, holdMs: HOLD_MS })),
      reactive: run(controlled(trace, { isPredictive: false })),
      staticMax: run(() => trace.peakDemand),
      real: predictive(real),
      perfect: predictive(perfectForecasts(trace, real)),
      shuffled: predictive(shuffledForecasts(real, at.seed)),
      constant: predictive(constantForecasts(real)),
      statistical: predictive(statistical),
      statisticalShuffled: predictive(shuffledForecasts(statistical, at.seed)),
    },
  };
}

/** The product's own controller, the same envelope for every law. */
function controlled(trace: PoolTrace, law: { isPredictive: boolean; holdMs?: number }): PoolPolicy {
  const controller = new TargetController({
    kind: 'capacity',
    predictive: law.isPredictive,
    min: MIN_SHARE * trace.peakDemand,
    max: trace.peakDemand,
    latencyBudgetMs: 150,
    maxChangesPerMinute: MAX_CHANGES_PER_MINUTE,
    actuationDelayMs: ACTUATION_DELAY_MS,
    periodMs: TICK_MS,
    holdMs: law.holdMs ?? POOL_HOLD_MS,
    setpoint: 0.8,
  });
  return ({ nowMs, sample, forecast, usable, requested }) =>
    controller.step({ nowMs, sample, forecast, size: usable, requested }).allowed;
}
