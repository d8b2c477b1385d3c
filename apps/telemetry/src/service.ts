import { contracts } from '@levitate/contracts';
import { MemoryFeatureWindows, windowHandlers } from '@levitate/feature-windows';
import { serve, startGrpcServer } from '@levitate/grpc-kit';
import { type RunningService, type ServiceContext, tlsFilesOf } from '@levitate/service-kit';
import { followAgent } from './agent-source.ts';
import type { TelemetryConfig } from './config.ts';
import { Ingest } from './ingest.ts';
import { exportLinks } from './link-metrics.ts';
import { telemetryMetrics } from './metrics.ts';
import { followProc } from './proc-source.ts';
import type { SourceContext } from './source.ts';

/** Opens the windows, serves them, then lets the sources flow. */
export async function startTelemetry(
  context: ServiceContext<TelemetryConfig>,
): Promise<RunningService & { grpcServer: { address: string } }> {
  const { config, logger, registry, clock, readiness } = context;
  const metrics = telemetryMetrics(registry);
  const windows = openWindows(context);
  const ingest = new Ingest({ windows, metrics, clock });
  const grpcServer = await startGrpcServer({
    listen: config.listen,
    services: [serve(contracts.telemetry, windowHandlers(ingest))],
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
  const flowing = startSources(config, source);
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

function openWindows({ config, clock }: ServiceContext<TelemetryConfig>): MemoryFeatureWindows {
  const { windows, limits } = config;
  return new MemoryFeatureWindows({
    clock,
    spanMs: windows.span_ms,
    samplesMax: windows.samples_max,
    linksMax: limits.links_max,
    linkIdleMs: limits.link_idle_ms,
    followerSamplesMax: limits.follower_samples_max,
  });
}

function startSources(config: TelemetryConfig, source: SourceContext): Promise<void>[] {
  const tls = tlsFilesOf(config);
  const flowing = config.agents.map((address) =>
    followAgent({ address, stallMs: config.agent_stall_ms, tls }, source),
  );
  const { links, interval_ms, directory } = config.proc;
  if (links.length > 0)
    flowing.push(followProc({ links, intervalMs: interval_ms, directory }, source));
  return flowing;
}
