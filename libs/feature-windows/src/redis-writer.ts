import type { Clock } from '@levitate/clock';
import type { TimedSample } from '@levitate/series';
import type { Redis } from 'ioredis';
import { batchSamplesMax } from './feature-windows.ts';
import type { PendingSamples } from './pending-samples.ts';
import type { RedisKeys } from './redis-entry.ts';
import type { SeriesKind } from './series-kind.ts';

/** @see RedisWriter */
export interface RedisWriterOptions<S extends TimedSample> {
  kind: SeriesKind<S>;
  pending: PendingSamples<S>;
  keys: RedisKeys;
  /** Length a stream is trimmed to, roughly: Redis frees whole nodes of about 100 entries. */
  samplesMax: number;
  /** A stream that is not written for longer goes, milliseconds. */
  idleMs: number;
  clock: Clock;
  /** Last entry of each name that is known here, so that a reader can start behind it. */
  positions: Map<string, string>;
}

/** Writes pending samples to their streams, one pipeline per batch. */
export class RedisWriter<S extends TimedSample> {
  readonly #options: RedisWriterOptions<S>;
  /** When a name was last announced and its expiry put off, monotonic milliseconds. */
  readonly #refreshedMs = new Map<string, number>();

  constructor(options: RedisWriterOptions<S>) {
    this.#options = options;
  }

  /**
   * On one connection, until it is lost or the signal aborts.
   *
   * @returns yields the number of samples written by each pipeline
   */
  async *write(redis: Redis, signal: AbortSignal): AsyncGenerator<number, void, undefined> {
    const { pending } = this.#options;
    this.#refreshedMs.clear();
    let isOver = false;
    const over = (): void => {
      isOver = true;
      pending.wake();
    };
    redis.once('end', over);
    signal.addEventListener('abort', over, { once: true });
    try {
      while (!signal.aborted) {
        await pending.arrival();
        if (isOver) throw new Error('the connection to Redis was lost');
        if (pending.size > 0) yield await this.#send(redis, pending.take(batchSamplesMax));
      }
    } finally {
      redis.off('end', over);
      signal.removeEventListener('abort', over);
    }
  }

  /** A pipeline that fails half way is sent again: readers count what comes twice as duplicates. */
  async #send(redis: Redis, samples: S[]): Promise<number> {
    const { kind, keys, samplesMax, pending } = this.#options;
    const pipeline = redis.pipeline();
    for (const sample of samples) {
      const key = keys.samples(kind.nameOf(sample));
      const bytes = kind.entry.encode(sample);
      pipeline.xadd(key, 'MAXLEN', '~', samplesMax, '*', kind.entry.field, bytes);
    }
    this.#refresh(pipeline, new Set(samples.map(kind.nameOf)));
    const results = await pipeline.exec().catch((error: Error) => {
      pending.putBack(samples);
      throw error;
    });
    return this.#account(samples, results ?? []);
  }

  #account(samples: S[], results: [error: Error | null, id: unknown][]): number {
    const { kind, pending, positions } = this.#options;
    const failed: S[] = [];
    let failure: Error | undefined;
    let refused = 0;
    samples.forEach((sample, index) => {
      const [error, id] = results[index] ?? [new Error('no answer'), undefined];
      if (error === null) {
        positions.set(kind.nameOf(sample), String(id));
      } else if (error.message.startsWith('WRONGTYPE')) {
        refused += 1;
      } else {
        failure ??= error;
        failed.push(sample);
      }
    });
    const written = samples.length - failed.length - refused;
    pending.written(written);
    if (refused > 0) pending.giveUp(refused);
    if (failure !== undefined) {
      pending.putBack(failed);
      for (const name of new Set(failed.map(kind.nameOf))) this.#refreshedMs.delete(name);
      throw failure;
    }
    return written;
  }

  #refresh(pipeline: ReturnType<Redis['pipeline']>, names: Set<string>): void {
    const { keys, idleMs, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const name of names) {
      const refreshedMs = this.#refreshedMs.get(name);
      if (refreshedMs !== undefined && nowMs - refreshedMs < idleMs / 10) continue;
      this.#refreshedMs.set(name, nowMs);
      pipeline.pexpire(keys.samples(name), Math.ceil(idleMs));
      pipeline.zadd(keys.names, Math.round(clock.unixMs()), name);
      pipeline.zremrangebyscore(keys.names, '-inf', Math.round(clock.unixMs() - idleMs));
      if (refreshedMs === undefined) {
        pipeline.xadd(keys.announcements, 'MAXLEN', '~', announcementsMax, '*', 'name', name);
      }
    }
  }
}

/** Readers that miss announcements find the names in the sorted set within half a minute. */
const announcementsMax = 1000;

/** Opens a connection made by `make`, and gives it back whatever happens. */
export async function* withRedis<Item>(
  make: () => Redis,
  signal: AbortSignal,
  use: (redis: Redis) => AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  const redis = make();
  redis.on('error', () => {});
  const disconnect = (): void => redis.disconnect();
  signal.addEventListener('abort', disconnect, { once: true });
  try {
    await redis.connect();
    yield* use(redis);
  } finally {
    signal.removeEventListener('abort', disconnect);
    redis.disconnect();
  }
}
