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
import { type NumberedSample, SeriesNumbers } from './series-numbers.ts';
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
  /** Samples held for Redis while it is away; beyond it the oldest are lost. Default 600,000. */
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
 * Redis is back. One process at a time should write a link or path.
 */
export class RedisFeatureWindows<S extends TimedSample = Sample> implements FeatureWindows<S> {
  readonly #kind: SeriesKind<S>;
  readonly #mirror: MemoryFeatureWindows<S>;
  readonly #pending: PendingSamples<NumberedSample>;
  readonly #numbers = new SeriesNumbers();
  readonly #writer: RedisWriter;
  readonly #reader: RedisReader<S>;
  readonly #clock: Clock;
  readonly #ownMs = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #running: Promise<unknown>;
  readonly #seriesMax: number;
  #isConnected = false;

  private constructor(options: RedisWindowsOptions<S>, onCaughtUp: () => void) {
    const { kind, clock, keyPrefix = defaultKeyPrefix, onConnection = () => {} } = options;
    const bounds = { ...kind.bounds, ...options };
    this.#kind = kind;
    this.#clock = clock;
    this.#mirror = new MemoryFeatureWindows(bounds);
    this.#pending = new PendingSamples(options.pendingSamplesMax ?? pendingSamplesMaxDefault);
    const shared = {
      keys: redisKeys(keyPrefix, kind.entry.keys),
      idleMs: Math.max(idleMsMin, 10 * bounds.spanMs),
      clock,
      positions: new Map<string, string>(),
    };
    this.#writer = new RedisWriter({
      ...shared,
      field: kind.entry.field,
      numbers: this.#numbers,
      pending: this.#pending,
      samplesMax: bounds.samplesMax,
    });
    this.#reader = new RedisReader({
      ...shared,
      kind,
      seriesMax: bounds.seriesMax,
      isOwn: (name) => clock.monotonicMs() - (this.#ownMs.get(name) ?? -ownMs) < ownMs,
    });
    const connection = connectionOptions(options.password);
    const connectToWrite = (): Redis => new Redis(options.url, connection);
    const connectToRead = (): Redis => new Redis(options.url, { ...connection, commandTimeout });
    this.#seriesMax = bounds.seriesMax;
    const { signal } = this.#closing;
    const writing = reconnecting({
      signal,
      waitMs: reconnectWaitMs,
      open: (opened) =>
        withRedis(connectToWrite, opened, (redis) => {
          const onWritable = (): void => {
            this.#isConnected = true;
            onConnection({ isConnected: true });
          };
          return this.#writer.write(redis, { signal: opened, onWritable });
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
        withRedis(connectToRead, opened, (redis) =>
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
    const unixMs = this.#clock.unixMs();
    const numbered = taken.map((sample) => {
      const name = this.#kind.nameOf(sample);
      this.#ownMs.set(name, nowMs);
      return this.#numbers.next(name, { value: this.#kind.entry.encode(sample), unixMs });
    });
    this.#pending.offer(numbered);
    if (this.#ownMs.size > 2 * this.#seriesMax) this.#forgetGone();
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

  /** Names come and go without end; those that have no window any more are forgotten. */
  #forgetGone(): void {
    for (const name of this.#ownMs.keys()) {
      if (this.#mirror.newest(name) !== undefined) continue;
      this.#ownMs.delete(name);
      this.#writer.forget(name);
    }
  }

  #acknowledged(): Promise<void> {
    return atMost(this.#pending.settled(), acknowledgeMs);
  }

  async #mirrorAll(batches: AsyncIterable<FollowBatch<S>>): Promise<void> {
    for await (const { samples, lost } of batches) this.#mirror.mirror(samples, lost);
  }
}

/** A minute of 1,000 links at 10 Hz: as much as the windows hold anyway, so it costs little. */
const pendingSamplesMaxDefault = 600_000;
/** A link or path written here within this time is not read back, milliseconds. */
const ownMs = 10_000;
/** Streams nobody writes for longer go from Redis, milliseconds; at least ten windows. */
const idleMsMin = 60_000;
const acknowledgeMs = 50;
const closeMs = 1000;
/**
 * Blocking reads answer twice a second, so 5 s of silence are a dead connection. The writer watches
 * its pipelines: a timer for each of 10,000 commands a second is a twentieth of its work.
 */
const commandTimeout = 5000;
const reconnectWaitMs = { first: 50, longest: 2000 };

/**
 * One attempt per connection and no queue inside the client: what waits, and for how long, is
 * decided here.
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
