import {
  type FeatureWindows,
  linkSeries,
  type MemoryBounds,
  MemoryFeatureWindows,
  pathSeries,
  RedisFeatureWindows,
  redisConnection,
  type SeriesKind,
} from '@levitate/feature-windows';
import type { PathSample, Sample, TimedSample } from '@levitate/series';
import type { ServiceContext } from '@levitate/service-kit';
import type { TelemetryConfig } from './config.ts';
import { exportRedisStatus } from './redis-metrics.ts';

/** The windows of a telemetry. */
export interface TelemetryWindows {
  links: FeatureWindows<Sample>;
  paths: FeatureWindows<PathSample>;
}

/**
 * The windows that the configuration asks for, both kinds in one store.
 *
 * @throws FeatureWindowsError `password-unreadable`
 */
export async function openWindows(
  context: ServiceContext<TelemetryConfig>,
): Promise<TelemetryWindows> {
  const { windows, limits } = context.config;
  const followerSamplesMax = limits.follower_samples_max;
  const [links, paths] = await Promise.all([
    open(context, linkSeries, {
      spanMs: windows.span_ms,
      samplesMax: windows.samples_max,
      seriesMax: limits.links_max,
      seriesIdleMs: limits.link_idle_ms,
      followerSamplesMax,
    }),
    open(context, pathSeries, {
      spanMs: windows.paths.span_ms,
      samplesMax: windows.paths.samples_max,
      seriesMax: limits.paths_max,
      seriesIdleMs: limits.path_idle_ms,
      followerSamplesMax,
    }),
  ]);
  return { links, paths };
}

function open<S extends TimedSample>(
  context: ServiceContext<TelemetryConfig>,
  kind: SeriesKind<S>,
  bounds: MemoryBounds,
): Promise<FeatureWindows<S>> {
  const { clock, config } = context;
  return config.windows.store === 'memory'
    ? Promise.resolve(new MemoryFeatureWindows({ kind, clock, ...bounds }))
    : openRedis(context, kind, bounds);
}

/**
 * Redis that is away degrades the service and does not make it unready: windows go on in memory,
 * so taking the service out would lose more than it saves. It is said in the log and in metrics.
 */
async function openRedis<S extends TimedSample>(
  context: ServiceContext<TelemetryConfig>,
  kind: SeriesKind<S>,
  bounds: MemoryBounds,
): Promise<RedisFeatureWindows<S>> {
  const { clock, config, logger, registry } = context;
  const { pending_samples_max } = config.windows.redis;
  const { shownUrl: url, ...connection } = await redisConnection(config.windows.redis);
  const of = `${kind.noun}s`;
  let isConnected: boolean | undefined;
  let lostSamples = (): number => 0;
  const windows = await RedisFeatureWindows.open({
    kind,
    clock,
    ...bounds,
    ...connection,
    pendingSamplesMax: pending_samples_max,
    onConnection(state) {
      if (state.isConnected === isConnected) return;
      isConnected = state.isConnected;
      const lost_samples = lostSamples();
      if (state.isConnected) logger.info({ url, of, lost_samples }, 'Redis holds the windows');
      else logger.error({ url, of, err: state.error, pending_samples_max }, degraded);
    },
  });
  lostSamples = () => windows.status.lostSamples;
  exportRedisStatus({ registry, noun: kind.noun, windows });
  return windows;
}

const degraded = [
  'DEGRADED: Redis is away; windows go on in memory,',
  'samples wait, and beyond pending_samples_max the oldest are lost',
].join(' ');
