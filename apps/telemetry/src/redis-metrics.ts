import type { RedisFeatureWindows } from '@levitate/feature-windows';
import type { TimedSample } from '@levitate/series';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * How the windows stand with Redis, as metrics: `levitate_telemetry_redis_*` for those of links,
 * `levitate_telemetry_redis_paths_*` for those of paths.
 */
export function exportRedisStatus<S extends TimedSample>(options: {
  registry: Registry;
  noun: 'link' | 'path';
  windows: Pick<RedisFeatureWindows<S>, 'status'>;
}): void {
  const { registry, noun, windows } = options;
  const of = `${noun}s`;
  const registers = [registry];
  const prefix = `levitate_telemetry_redis_${noun === 'link' ? '' : 'paths_'}`;
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  const counter = (name: string, help: string, value: () => number): void => {
    new Counter({
      name: `${prefix}${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  gauge('connected', `1 while Redis takes samples of ${of}.`, () =>
    windows.status.isConnected ? 1 : 0,
  );
  gauge(
    'pending_samples',
    `Samples of ${of} that wait for Redis, at most windows.redis.pending_samples_max.`,
    () => windows.status.pendingSamples,
  );
  counter(
    'lost_samples_total',
    `Samples of ${of} that Redis never got.`,
    () => windows.status.lostSamples,
  );
  counter(
    'unreadable_entries_total',
    `Stream entries of ${of} that held no sample this release can read.`,
    () => windows.status.unreadableEntries,
  );
}
