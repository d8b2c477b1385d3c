import { contracts } from '@levitate/contracts';
import { windowRpcs } from '@levitate/feature-windows';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import { followAgent } from './agent-source.ts';
import type { TelemetryConfig } from './config.ts';
import { Ingest } from './ingest.ts';
import { exportLinks } from './link-metrics.ts';
import { telemetryMetrics } from './metrics.ts';
import { openWindows } from './open-windows.ts';
import { followProc } from './proc-source.ts';
import { followReplay, loadReplay, type Replay } from './replay-source.ts';
import type { SourceContext } from './source.ts';

/** Opens the windows, serves them, then lets the sources flow. */
export async function startTelemetry(
  context: ServiceContext<TelemetryConfig>,
): Promise<RunningService & { grpcServer: { address: string } }> {
  const { config, logger, registry, clock, readiness } = context;
  const metrics = telemetryMetrics(registry);
  const replays = await loadReplays(config);
  const windows = await openWindows(context);
  const ingest = new Ingest({ windows, metrics, clock });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [serve(contracts.telemetry, windowRpcs(ingest))],
    tls: tlsFilesOf(config),
    registry,
    logger,
    reflection: config.preset === 'local',
  });
  const sourcesEnd = new AbortController();
  const signal = AbortSignal.any([context.signal, sourcesEnd.signal]);
  const source: SourceContext = { ingest, metrics, readiness, logger, clock, signal };
  const exported = exportLinks({
    windows,
    registry,
    linksMax: config.limits.metrics_links_max,
    signal: sourcesEnd.signal,
    onLeftOut: (links) => {
      const { metrics_links_max } = config.limits;
      logger.warn({ links, metrics_links_max }, 'links beyond metrics_links_max have no metrics');
    },
  });
  const flowing = startSources({ config, replays, source });
  return {
    grpcServer,
    async drain(deadlineMs) {
      sourcesEnd.abort();
      await Promise.all([...flowing, exported]);
      await grpcServer.drain(deadlineMs);
      await windows.close();
    },
  };
}

function loadReplays({ replay }: TelemetryConfig): Promise<Replay[]> {
  const { data_directory: directory, traces, speed, repeat } = replay;
  return Promise.all(
    traces.map(({ file, link }) => loadReplay({ directory, file, link, speed, repeat })),
  );
}

function startSources(parts: {
  config: TelemetryConfig;
  replays: Replay[];
  source: SourceContext;
}): Promise<void>[] {
  const { config, replays, source } = parts;
  const tls = tlsFilesOf(config);
  const { links, interval_ms: intervalMs, directory } = config.proc;
  return [
    ...config.agents.map((address) =>
      followAgent({ address, stallMs: config.agent_stall_ms, tls }, source),
    ),
    ...(links.length > 0 ? [followProc({ links, intervalMs, directory }, source)] : []),
    ...replays.map((replay) => followReplay(replay, source)),
  ];
}
