import { contracts } from '@levitate/contracts';
import type { FeatureWindows } from '@levitate/feature-windows';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import { BurstModels } from './burst-models.ts';
import type { PredictorConfig } from './config.ts';
import { startFacade } from './facade/start-facade.ts';
import { followWindows } from './follow-windows.ts';
import { ForecastBook } from './forecast-book.ts';
import { startForecastLoop } from './forecast-loop.ts';
import { ForecastStreams } from './forecast-streams.ts';
import { forecastTick } from './forecast-tick.ts';
import type { Forecaster } from './link-forecasts.ts';
import { type PredictorMetrics, predictorMetrics } from './metrics.ts';
import { predictorRpcs } from './service.ts';
import { type RunningCapabilities, startCapabilities } from './start-capabilities.ts';

/** @see startPredictor */
export interface PredictorParts
  extends Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'logger' | 'registry'> {
  /** Windows of links; without them there is no burst capability. */
  windows?: FeatureWindows | undefined;
  /** Windows of paths; without them there is no bandwidth capability. */
  paths?: FeatureWindows<PathSample> | undefined;
  /** Default: the statistical forecasters of `@levitate/forecast`, and the learned one. */
  newForecaster?: (link: string) => Forecaster;
  /** Module of the pools' threads that builds models; for tests. */
  openers?: URL | undefined;
}

/** What a predictor serves and knows, for those who start one. */
export interface RunningPredictor extends RunningService {
  readonly grpcServer: GrpcServer;
  readonly capabilities: RunningCapabilities;
  /** `host:port` of the JSON facade, where there is one. */
  readonly facadeAddress: string | undefined;
}

/**
 * Starts the predictor: models, then gRPC, then the windows' backlog is learnt and followed, and
 * every `forecast_interval_ms` each link is forecast. It owns `windows` and `paths`, closes them.
 */
export async function startPredictor(parts: PredictorParts): Promise<RunningPredictor> {
  const { config, logger, registry, windows, paths, openers } = parts;
  const stopping = new AbortController();
  const { signal } = stopping;
  const burstModels = new BurstModels(config.models.backend);
  const capabilities = await startCapabilities({
    ...parts,
    ...{ burstModels, paths, openers, signal },
    links: () => burst?.links() ?? [],
  });
  const burst: ReturnType<typeof prepareBurst> | undefined =
    windows !== undefined && config.capabilities.includes('burst')
      ? prepareBurst({ ...parts, windows, burstModels, signal })
      : undefined;
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [...(burst === undefined ? [] : [burst.service]), ...capabilities.services],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.preset === 'local',
  });
  const following = burst?.start();
  const facade = await startFacade({ config, logger, engine: capabilities.bandwidth?.engine });
  return {
    grpcServer,
    capabilities,
    facadeAddress: facade?.address,
    async drain(deadlineMs) {
      await facade?.close();
      await grpcServer.drain(deadlineMs);
      stopping.abort();
      await windows?.close();
      await following;
      await capabilities.close();
    },
  };
}

/** The burst capability: what it serves, and what starts it once the server listens. */
function prepareBurst(
  parts: PredictorParts & {
    windows: FeatureWindows;
    burstModels: BurstModels;
    signal: AbortSignal;
  },
) {
  const { config, clock, logger, registry, windows, burstModels, signal } = parts;
  const { limits, horizon_seconds: horizonS } = config;
  const newForecaster =
    parts.newForecaster ?? ((link: string) => burstModels.newLinkForecaster({ link, horizonS }));
  const streams = new ForecastStreams({
    streamsMax: limits.streams_max,
    forecastsMax: limits.stream_forecasts_max,
  });
  const metrics: PredictorMetrics = predictorMetrics({
    registry,
    book: () => book,
    streams: () => streams.size,
  });
  const book = new ForecastBook({
    newForecaster,
    linksMax: limits.links_max,
    staleAfterMs: config.stale_after_ms,
    forgetAfterMs: config.forget_after_ms,
    onForget: (link, forecasts) => metrics.forget(link, forecasts),
    onFailure(link, error) {
      metrics.failure();
      logger.error({ link, err: error }, 'a forecaster failed and starts afresh');
    },
  });
  const rpcs = predictorRpcs({ book, streams, newForecaster, replaysMax: limits.replays_max });
  return {
    service: serve(contracts.predictor, rpcs),
    links: () => book.entries().map(([, link]) => link),
    start(): Promise<void> {
      const following = followWindows({ windows, book, metrics, clock, logger, signal });
      startForecastLoop({
        clock,
        intervalMs: config.forecast_interval_ms,
        signal,
        tick: forecastTick({ book, metrics, streams, clock, signal }),
      });
      return following;
    },
  };
}
