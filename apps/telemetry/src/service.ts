import { contracts } from '@levitate/contracts';
import { type FeatureWindows, windowRpcs } from '@levitate/feature-windows';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import type { PathSample } from '@levitate/series';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import type { Registry } from 'prom-client';
import { followAgent } from './agent-source.ts';
import type { TelemetryConfig } from './config.ts';
import { InfluxOutput } from './influx-output.ts';
import { Ingest } from './ingest.ts';
import { linkMetrics } from './link-metrics.ts';
import { telemetryMetrics } from './metrics.ts';
import { openWindows, type TelemetryWindows } from './open-windows.ts';
import { countedPaths } from './path-ingest.ts';
import { pathMetrics } from './path-metrics.ts';
import { followPathReplay, loadPathReplay, type PathReplay } from './path-replay.ts';
import { followProc } from './proc-source.ts';
import { prometheusMetrics } from './prometheus-metrics.ts';
import { followPrometheus } from './prometheus-source.ts';
import { followReplay, type LinkReplay, loadReplay } from './replay-source.ts';
import { exportSeries } from './series-metrics.ts';
import type { SourceContext } from './source.ts';

/** Opens the windows, serves them, then lets the sources flow. */
export async function startTelemetry(
  context: ServiceContext<TelemetryConfig>,
): Promise<RunningService & { grpcServer: { address: string } }> {
  const { config, logger, registry, clock, readiness } = context;
  const metrics = telemetryMetrics(registry);
  const replays = await loadReplays(config);
  const influx = await openInflux(context);
  const windows = await openWindows(context);
  influx?.start(windows);
  const ingest = new Ingest({ windows: windows.links, metrics, clock });
  const paths = countedPaths(windows.paths, registry);
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [serve(contracts.telemetry, windowRpcs({ links: ingest, paths }))],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.preset === 'local',
  });
  const sourcesEnd = new AbortController();
  const signal = AbortSignal.any([context.signal, sourcesEnd.signal]);
  const source: SourceContext = { ingest, metrics, readiness, logger, clock, signal };
  const exported = exportWindows(context, windows, sourcesEnd.signal);
  const flowing = startSources({ config, replays, paths, source, registry });
  return {
    grpcServer,
    async drain(deadlineMs) {
      const endMs = clock.monotonicMs() + deadlineMs;
      sourcesEnd.abort();
      await Promise.all([...flowing, ...exported]);
      await grpcServer.drain(deadlineMs);
      await influx?.drain(Math.max(0, endMs - clock.monotonicMs()));
      await Promise.all([windows.links.close(), windows.paths.close()]);
    },
  };
}

async function openInflux({
  config,
  registry,
  logger,
}: ServiceContext<TelemetryConfig>): Promise<InfluxOutput | undefined> {
  const { influx } = config;
  return influx.url === '' ? undefined : InfluxOutput.open({ config: influx, registry, logger });
}

/** Metrics of what the windows hold, until the signal aborts. */
function exportWindows(
  { config, registry, logger }: ServiceContext<TelemetryConfig>,
  { links, paths }: TelemetryWindows,
  signal: AbortSignal,
): Promise<void>[] {
  const { metrics_links_max, metrics_paths_max } = config.limits;
  const shared = { registry, signal };
  return [
    exportSeries(linkMetrics, {
      ...shared,
      windows: links,
      seriesMax: metrics_links_max,
      onLeftOut: (leftOut) =>
        logger.warn(
          { links: leftOut, metrics_links_max },
          'links beyond metrics_links_max have no metrics',
        ),
    }),
    exportSeries(pathMetrics, {
      ...shared,
      windows: paths,
      seriesMax: metrics_paths_max,
      onLeftOut: (leftOut) =>
        logger.warn(
          { paths: leftOut, metrics_paths_max },
          'paths beyond metrics_paths_max have no metrics',
        ),
    }),
  ];
}

/** The traces to be replayed, read before anything is served. */
interface Replays {
  links: LinkReplay[];
  paths: PathReplay[];
}

async function loadReplays({ replay }: TelemetryConfig): Promise<Replays> {
  const { data_directory: directory, traces, paths, speed, repeat } = replay;
  const shared = { directory, speed, repeat };
  return {
    links: await Promise.all(traces.map((trace) => loadReplay({ ...shared, ...trace }))),
    paths: await Promise.all(paths.map((trace) => loadPathReplay({ ...shared, ...trace }))),
  };
}

function startSources(parts: {
  config: TelemetryConfig;
  replays: Replays;
  paths: FeatureWindows<PathSample>;
  source: SourceContext;
  registry: Registry;
}): Promise<void>[] {
  const { config, replays, paths, source, registry } = parts;
  const tls = tlsFilesOf(config);
  const { links, interval_ms: intervalMs, directory } = config.proc;
  return [
    ...config.agents.map((address) =>
      followAgent({ address, stallMs: config.agent_stall_ms, tls }, source),
    ),
    ...(links.length > 0 ? [followProc({ links, intervalMs, directory }, source)] : []),
    ...(config.prometheus.url === ''
      ? []
      : [
          followPrometheus(
            {
              config: config.prometheus,
              backfillMs: config.windows.span_ms,
              metrics: prometheusMetrics(registry),
            },
            source,
          ),
        ]),
    ...replays.links.map((replay) => followReplay(replay, source)),
    ...replays.paths.map((replay) => followPathReplay(replay, paths, source)),
  ];
}
