import type { Clock } from '@levitate/clock';
import { reconnecting } from '@levitate/grpc-kit';
import type { Sample, TimedSample } from '@levitate/series';
import { Redis } from 'ioredis';
import type {
  AppendOutcome,
  FeatureWindows,
  FollowBatch,
  FollowOptions,
  SeriesSummary,
} from './feature-windows.ts';
import type { ConnectionState } from './grpc-feature-windows.ts';
import { MemoryFeatureWindows } from './memory-feature-windows.ts';
import { PendingSamples } from './pending-samples.ts';
import { redisKeys } from './redis-entry.ts';
import { RedisReader } from './redis-reader.ts';
import { RedisWriter, withRedis } from './redis-writer.ts';
import type { SeriesKind } from './series-kind.ts';
import type { MemoryBounds } from './window-bounds.ts';
import { defaultKeyPrefix } from './windows-config.ts';

/** @see RedisFeatureWindows */
export interface RedisWindowsOptions<S extends TimedSample = Sample> extends Partial<MemoryBounds> {
  readonly kind: SeriesKind<S>;
  readonly clock: Clock;
  /** `redis://host:port/db`, `rediss://...`, or the path of a socket. */
  readonly url: string;
  readonly password?: string | undefined;
  /** What every key begins with. Default `levitate:telemetry:v1`. */
  readonly keyPrefix?: string | undefined;
  /** Samples held for Redis while it is away; beyond it the oldest are lost. Default 100,000. */
  readonly pendingSamplesMax?: number | undefined;
  /** Told when Redis comes or goes. */
  readonly onConnection?: ((state: ConnectionState) => void) | undefined;
}

/** How the windows stand with Redis. */
export interface RedisStatus {
  isConnected: boolean;
  /** Samples that wait for Redis. */
  pendingSamples: number;
  /** Samples that Redis, and so every other reader of it, never got. */
  lostSamples: number;
  /** Entries that held no sample this release can read. */
  unreadableEntries: number;
}

/**
 * Windows that services share through Redis streams: one bounded stream per link or path, entries
 * that carry the versioned message `levitate.telemetry.v1.Sample` or `...PathSample`.
 *
 * Every process keeps the windows in its memory as well: it appends to both, and reads what other
 * processes wrote by one blocking connection. So reads and followers are answered from memory, and
 * go on while Redis is away; what was appended meanwhile is held up to a bound and written when
 * Redis is back. One process at a time should write a
 * link or path.
 */
export class RedisFeatureWindows<S extends TimedSample = Sample> implements FeatureWindows<S> {
  readonly #kind: SeriesKind<S>;
  readonly #mirror: MemoryFeatureWindows<S>;
  readonly #pending: PendingSamples<S>;
  readonly #reader: RedisReader<S>;
  readonly #clock: Clock;
  readonly #ownMs = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #running: Promise<unknown>;
  #isConnected = false;

  private constructor(options: RedisWindowsOptions<S>, onCaughtUp: () => void) {
    const { kind, clock, keyPrefix = defaultKeyPrefix, onConnection = () => {} } = options;
    const bounds = { ...kind.bounds, ...options };
    this.#kind = kind;
    this.#clock = clock;
    this.#mirror = new MemoryFeatureWindows(bounds);
    this.#pending = new PendingSamples(options.pendingSamplesMax ?? 100_000);
    const shared = {
      kind,
      keys: redisKeys(keyPrefix, kind.entry.keys),
      idleMs: Math.max(idleMsMin, 10 * bounds.spanMs),
      clock,
      positions: new Map<string, string>(),
    };
    const writer = new RedisWriter({
      ...shared,
      pending: this.#pending,
      samplesMax: bounds.samplesMax,
    });
    this.#reader = new RedisReader({
      ...shared,
      seriesMax: bounds.seriesMax,
      isOwn: (name) => clock.monotonicMs() - (this.#ownMs.get(name) ?? -ownMs) < ownMs,
      newest: (name) => this.#mirror.newest(name),
    });
    const connect = (): Redis => new Redis(options.url, connectionOptions(options.password));
    const { signal } = this.#closing;
    const writing = reconnecting({
      signal,
      waitMs: reconnectWaitMs,
      open: (opened) =>
        withRedis(connect, opened, (redis) => {
          this.#isConnected = true;
          onConnection({ isConnected: true });
          return writer.write(redis, opened);
        }),
      onDown: (error, retryInMs) => {
        this.#isConnected = false;
        this.#pending.release();
        onConnection({ isConnected: false, error, retryInMs });
      },
    });
    const reading = reconnecting({
      signal,
      waitMs: reconnectWaitMs,
      open: (opened) =>
        withRedis(connect, opened, (redis) =>
          this.#reader.read(redis, { signal: opened, onCaughtUp }),
        ),
      onDown: onCaughtUp,
    });
    this.#running = Promise.all([drain(writing), this.#mirrorAll(reading)]);
  }

  /**
   * Resolves when this process has what Redis held, or at once, degraded, when Redis is away: it
   * is tried for ever.
   */
  static open<S extends TimedSample>(
    options: RedisWindowsOptions<S>,
  ): Promise<RedisFeatureWindows<S>> {
    return new Promise((resolve) => {
      const windows = new RedisFeatureWindows(options, () => resolve(windows));
    });
  }

  /**
   * Resolves when Redis has the samples; while it is away or slower than 50 ms, when they are
   * waiting for it.
   */
  async append(samples: readonly S[]): Promise<AppendOutcome> {
    const { taken, ...outcome } = this.#mirror.take(samples);
    const nowMs = this.#clock.monotonicMs();
    for (const sample of taken) this.#ownMs.set(this.#kind.nameOf(sample), nowMs);
    this.#pending.offer(taken);
    if (this.#isConnected && taken.length > 0) await this.#acknowledged();
    return outcome;
  }

  read(name: string): Promise<S[]> {
    return this.#mirror.read(name);
  }

  summaries(): Promise<SeriesSummary[]> {
    return this.#mirror.summaries();
  }

  follow(options: FollowOptions): AsyncIterable<FollowBatch<S>> {
    return this.#mirror.follow(options);
  }

  get status(): RedisStatus {
    return {
      isConnected: this.#isConnected,
      pendingSamples: this.#pending.size,
      lostSamples: this.#pending.lost,
      unreadableEntries: this.#reader.unreadable,
    };
  }

  /** Gives Redis a second for what is waiting, if it is there. */
  async close(): Promise<void> {
    await this.#mirror.close();
    if (this.#isConnected) await atMost(this.#pending.settled(), closeMs);
    this.#closing.abort();
    await this.#running;
  }

  #acknowledged(): Promise<void> {
    return atMost(this.#pending.settled(), acknowledgeMs);
  }

  async #mirrorAll(batches: AsyncIterable<FollowBatch<S>>): Promise<void> {
    for await (const { samples, lost } of batches) this.#mirror.mirror(samples, lost);
  }
}

/** A link or path written here within this time is not read back, milliseconds. */
const ownMs = 10_000;
/** Streams nobody writes for longer go from Redis, milliseconds; at least ten windows. */
const idleMsMin = 60_000;
const acknowledgeMs = 50;
const closeMs = 1000;
const reconnectWaitMs = { first: 50, longest: 2000 };

/**
 * One attempt per connection and no queue inside the client: what waits, and for how long, is
 * decided here. Blocking reads answer twice a second, so 5 s of silence are a dead connection.
 */
function connectionOptions(password: string | undefined) {
  return {
    lazyConnect: true,
    protocol: 2 as const,
    retryStrategy: null,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2000,
    commandTimeout: 5000,
    connectionName: 'levitate-feature-windows',
    ...(password === undefined ? {} : { password }),
  };
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
