import type { Clock } from '@levitate/clock';
import { contracts, type predictor } from '@levitate/contracts';
import { type FeatureWindows, keepFollowing } from '@levitate/feature-windows';
import { type ServedService, serve } from '@levitate/grpc-kit';
import type { ModelFile } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import type { Logger } from '@levitate/service-kit';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PredictorConfig } from '../config.ts';
import { startForecastLoop } from '../forecast-loop.ts';
import type { InferenceMetrics } from '../models/inference-metrics.ts';
import type { ModelPool } from '../models/model-pool.ts';
import { NamedStreams } from '../named-streams.ts';
import { BandwidthEngine } from './bandwidth-engine.ts';
import { bandwidthToProto } from './bandwidth-proto.ts';
import { bandwidthRpcs } from './bandwidth-rpcs.ts';
import { PathBook } from './path-book.ts';
import type { PathRacer } from './path-racer.ts';

/** @see startBandwidth */
export interface BandwidthParts {
  readonly config: PredictorConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly metrics: InferenceMetrics;
  readonly pool: ModelPool;
  readonly models: () => readonly ModelFile[];
  /** @see PathBookOptions */
  readonly liquid?: (() => PathRacer | undefined) | undefined;
  /** Windows of paths; owned and closed here. */
  readonly paths: FeatureWindows<PathSample>;
  readonly signal: AbortSignal;
}

/** The bandwidth capability: what it serves, and what it knows. */
export interface RunningBandwidth {
  readonly service: ServedService;
  readonly book: PathBook;
  readonly engine: BandwidthEngine;
  /** After the signal was aborted. */
  close(): Promise<void>;
}

/** Follows the paths of telemetry, forecasts all of them every interval, and answers calls. */
export function startBandwidth(parts: BandwidthParts): RunningBandwidth {
  const { config, clock, logger, pool, models, metrics, paths, signal, liquid } = parts;
  const { bandwidth, limits, forget_after_ms: forgetAfterMs } = config;
  const book: PathBook = new PathBook({
    pathsMax: bandwidth.paths_max,
    forgetAfterMs,
    models,
    engine: () => engine,
    liquid,
    onFailure: (model, error) => logger.warn({ model, err: error }, 'a pass of a model failed'),
  });
  const demoted = () => book.watch.demoted();
  const engine: BandwidthEngine = new BandwidthEngine({
    models,
    demoted,
    pool,
    metrics,
    cacheMax: bandwidth.cache_max,
  });
  const streams = new NamedStreams<predictor.BandwidthForecastInit>({
    streamsMax: limits.streams_max,
    itemsMax: limits.stream_forecasts_max,
    nameOf: ({ path }) => path ?? '',
  });
  const counters = bandwidthMetrics(parts.registry, book);
  const following = keepFollowing({
    signal,
    open: (opened) => paths.follow({ backlog: true, signal: opened }),
    take: ({ samples, lost }) =>
      counters.samples({ ...book.learn(samples, clock.monotonicMs()), lost }),
    onDown: (error) => logger.error({ err: error }, 'following the paths failed'),
  });
  let isTicking = false;
  const tick = async () => {
    // A pass that takes longer than an interval is not joined by a second one.
    if (isTicking) return;
    isTicking = true;
    try {
      const deadlineUnixMs = clock.unixMs() + PASS_INTERVALS * bandwidth.forecast_interval_ms;
      const made = await book.tick(clock.monotonicMs(), { signal, deadlineUnixMs });
      counters.forecasts(made.map(({ forecast }) => forecast));
      streams.publish(made.map(bandwidthToProto));
    } catch (error) {
      logger.error({ err: error }, 'a round of bandwidth forecasts failed');
    } finally {
      isTicking = false;
    }
  };
  const intervalMs = bandwidth.forecast_interval_ms;
  startForecastLoop({ clock, intervalMs, signal, tick: () => void tick() });
  return {
    service: serve(contracts.bandwidth, bandwidthRpcs({ book, engine, streams })),
    book,
    engine,
    async close() {
      await paths.close();
      await following;
    },
  };
}

function bandwidthMetrics(registry: Registry, book: PathBook) {
  const registers = [registry];
  const samples = new Counter({
    name: 'predictor_path_samples_total',
    help: 'Samples of paths from telemetry: learnt, refused (too many paths), lost on the way.',
    labelNames: ['outcome'],
    registers,
  });
  const forecasts = new Counter({
    name: 'predictor_bandwidth_forecasts_total',
    help: 'Bandwidth forecasts of followed paths, by who made them.',
    labelNames: ['model'],
    registers,
  });
  const abstentions = new Counter({
    name: 'predictor_bandwidth_abstentions_total',
    help: 'Bandwidth forecasts without a model behind them, by reason.',
    labelNames: ['reason'],
    registers,
  });
  new Gauge({
    name: 'predictor_paths',
    help: 'Paths followed.',
    registers,
    collect() {
      this.set(book.size);
    },
  });
  new Gauge({
    name: 'predictor_bandwidth_error',
    help: 'Error of each forecaster of late over all paths: sum of |error| / sum of actual.',
    labelNames: ['forecaster'],
    registers,
    collect() {
      this.reset();
      for (const { name, loss } of book.scores()) this.set({ forecaster: name }, loss);
    },
  });
  new Gauge({
    name: 'predictor_drift_alarm',
    help: '1 while the errors of a model are beyond what its validation showed.',
    labelNames: ['model'],
    registers,
    collect() {
      this.reset();
      for (const { name } of book.scores()) {
        const { drift } = book.inService(name);
        if (drift !== undefined) this.set({ model: name }, drift.alarm ? 1 : 0);
      }
    },
  });
  return {
    samples(outcome: { learnt: number; refused: number; lost: number }) {
      for (const [name, count] of Object.entries(outcome)) {
        if (count > 0) samples.inc({ outcome: name }, count);
      }
    },
    forecasts(made: readonly { model: string; abstained: readonly string[] }[]) {
      for (const { model, abstained } of made) {
        forecasts.inc({ model });
        for (const reason of abstained) abstentions.inc({ reason });
      }
    },
  };
}

const PASS_INTERVALS = 2;
