import {
  type FeatureWindows,
  MemoryFeatureWindows,
  RedisFeatureWindows,
  redisConnection,
} from '@levitate/feature-windows';
import type { ServiceContext } from '@levitate/service-kit';
import { Counter, Gauge } from 'prom-client';
import type { TelemetryConfig } from './config.ts';

/**
 * The windows that the configuration asks for.
 *
 * @throws FeatureWindowsError `password-unreadable`
 */
export async function openWindows(
  context: ServiceContext<TelemetryConfig>,
): Promise<FeatureWindows> {
  const { config, clock } = context;
  const { windows, limits } = config;
  const bounds = {
    clock,
    spanMs: windows.span_ms,
    samplesMax: windows.samples_max,
    linksMax: limits.links_max,
    linkIdleMs: limits.link_idle_ms,
    followerSamplesMax: limits.follower_samples_max,
  };
  return windows.store === 'memory' ? new MemoryFeatureWindows(bounds) : openRedis(context, bounds);
}

/**
 * Redis that is away degrades the service and does not make it unready: windows go on in memory,
 * so taking the service out would lose more than it saves. It is said in the log and in metrics.
 */
async function openRedis(
  context: ServiceContext<TelemetryConfig>,
  bounds: ConstructorParameters<typeof MemoryFeatureWindows>[0],
): Promise<RedisFeatureWindows> {
  const { config, logger, registry } = context;
  const { pending_samples_max } = config.windows.redis;
  const { shownUrl: url, ...connection } = await redisConnection(config.windows.redis);
  let isConnected: boolean | undefined;
  const windows = await RedisFeatureWindows.open({
    ...bounds,
    ...connection,
    pendingSamplesMax: pending_samples_max,
    onConnection(state) {
      if (state.isConnected === isConnected) return;
      isConnected = state.isConnected;
      if (state.isConnected) logger.info({ url }, 'Redis holds the windows');
      else logger.error({ url, err: state.error, pending_samples_max }, degraded);
    },
  });
  new Gauge({
    name: 'levitate_telemetry_redis_connected',
    help: '1 while Redis takes samples.',
    registers: [registry],
    collect() {
      this.set(windows.status.isConnected ? 1 : 0);
    },
  });
  new Gauge({
    name: 'levitate_telemetry_redis_pending_samples',
    help: 'Samples that wait for Redis, at most windows.redis.pending_samples_max.',
    registers: [registry],
    collect() {
      this.set(windows.status.pendingSamples);
    },
  });
  new Counter({
    name: 'levitate_telemetry_redis_lost_samples_total',
    help: 'Samples that Redis never got.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(windows.status.lostSamples);
    },
  });
  new Counter({
    name: 'levitate_telemetry_redis_unreadable_entries_total',
    help: 'Stream entries that held no sample this release can read.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(windows.status.unreadableEntries);
    },
  });
  return windows;
}

const degraded = [
  'DEGRADED: Redis is away; windows go on in memory,',
  'samples wait, and beyond pending_samples_max the oldest are lost',
].join(' ');
