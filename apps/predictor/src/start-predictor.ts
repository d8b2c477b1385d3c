import { contracts } from '@levitate/contracts';
import type { FeatureWindows } from '@levitate/feature-windows';
import { LinkForecaster } from '@levitate/forecast';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { PredictorConfig } from './config.ts';
import { followWindows } from './follow-windows.ts';
import { ForecastBook } from './forecast-book.ts';
import { startForecastLoop } from './forecast-loop.ts';
import { forecastToProto } from './forecast-proto.ts';
import { ForecastStreams } from './forecast-streams.ts';
import type { Forecaster } from './link-forecasts.ts';
import { type PredictorMetrics, predictorMetrics } from './metrics.ts';
import { predictorRpcs } from './service.ts';

/** @see startPredictor */
export interface PredictorParts
  extends Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'logger' | 'registry'> {
  windows: FeatureWindows;
  /** Default: the statistical forecasters of `@levitate/forecast`. */
  newForecaster?: (link: string) => Forecaster;
}

/**
 * Starts the predictor: gRPC first, then the windows' backlog is learnt and followed, and every
 * `forecast_interval_ms` each link is forecast. It owns `windows` and closes them.
 */
export async function startPredictor(
  parts: PredictorParts,
): Promise<RunningService & { grpcServer: GrpcServer }> {
  const { config, clock, logger, registry, windows } = parts;
  const { limits, horizon_seconds: horizonS } = config;
  const newForecaster =
    parts.newForecaster ?? ((link: string) => new LinkForecaster({ link, horizonS }));
  const stopping = new AbortController();
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
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [
      serve(
        contracts.predictor,
        predictorRpcs({ book, streams, newForecaster, replaysMax: limits.replays_max }),
      ),
    ],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.preset === 'local',
  });
  const { signal } = stopping;
  const following = followWindows({ windows, book, metrics, clock, logger, signal });
  startForecastLoop({
    clock,
    intervalMs: config.forecast_interval_ms,
    signal,
    tick() {
      const startMs = clock.monotonicMs();
      const forecasts = book.tick(startMs);
      metrics.tick(forecasts, (clock.monotonicMs() - startMs) / 1000);
      streams.publish(forecasts.map(forecastToProto));
    },
  });
  return {
    grpcServer,
    async drain(deadlineMs) {
      await grpcServer.drain(deadlineMs);
      stopping.abort();
      await windows.close();
      await following;
    },
  };
}
