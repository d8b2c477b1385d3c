import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';
import type { TimedSample } from '@levitate/series';
import type { Redis } from 'ioredis';
import type { FollowBatch } from './feature-windows.ts';
import { isIdBefore, type RedisEntry, type RedisKeys, sampleOfEntry } from './redis-entry.ts';
import type { SeriesKind } from './series-kind.ts';
import { samplesBetween } from './stream-resume.ts';

/** @see RedisReader */
export interface RedisReaderOptions<S extends TimedSample> {
  kind: SeriesKind<S>;
  keys: RedisKeys;
  seriesMax: number;
  /** One that nobody wrote for longer is not read, milliseconds. */
  idleMs: number;
  clock: Clock;
  /** Last entry of each name that is known here; kept over connections. */
  positions: Map<string, string>;
  /** Whether this process writes it: what it wrote it need not read. */
  isOwn: (name: string) => boolean;
  /** Newest sample of a name that is known here. */
  newest: (name: string) => S | undefined;
}

/** Reads the streams of all links, or paths, that others write: one blocking command at a time. */
export class RedisReader<S extends TimedSample> {
  readonly #options: RedisReaderOptions<S>;
  /** Those whose stream went on without this reader; the first sample tells what is gone. */
  readonly #broken = new Set<string>();
  #announcementId = '0-0';
  #lookedMs = Number.NEGATIVE_INFINITY;
  unreadable = 0;

  constructor(options: RedisReaderOptions<S>) {
    this.#options = options;
  }

  /**
   * On one connection, until it is lost or the signal aborts.
   *
   * @param onCaughtUp called when the reader has all there was
   */
  async *read(
    redis: Redis,
    { signal, onCaughtUp }: { signal: AbortSignal; onCaughtUp: () => void },
  ): AsyncGenerator<FollowBatch<S>, void, undefined> {
    const { announcements } = this.#options.keys;
    const [newest] = await redis.xrevrange(announcements, '+', '-', 'COUNT', 1);
    this.#announcementId = newest?.[0] ?? '0-0';
    // In this order: a Redis that came back empty knows no names, but ours have lost samples.
    await this.#checkPositions(redis);
    await this.#look(redis);
    let isCaughtUp = false;
    while (!signal.aborted) {
      if (this.#options.clock.monotonicMs() - this.#lookedMs > lookMs) await this.#look(redis);
      const { batch, isFull } = await this.#readOnce(redis, isCaughtUp ? blockMs : undefined);
      if (batch.samples.length > 0) yield batch;
      if (!isFull) {
        isCaughtUp = true;
        onCaughtUp();
        // Lets more streams grow before the next command: one wake-up for many links.
        await delay(gatherMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Which there are; forgets those that nobody writes any more. */
  async #look(redis: Redis): Promise<void> {
    const { keys, seriesMax, idleMs, clock, positions, isOwn } = this.#options;
    this.#lookedMs = clock.monotonicMs();
    const since = Math.round(clock.unixMs() - idleMs);
    const names = await redis.zrangebyscore(keys.names, since, '+inf', 'LIMIT', 0, seriesMax);
    const written = new Set(names);
    for (const name of positions.keys()) {
      if (!written.has(name) && !isOwn(name)) positions.delete(name);
    }
    for (const name of this.#broken) {
      if (this.#options.newest(name) === undefined) this.#broken.delete(name);
    }
    for (const name of names) this.#begin(name);
  }

  #begin(name: string): void {
    const { positions, seriesMax } = this.#options;
    if (!positions.has(name) && positions.size < seriesMax) positions.set(name, '0-0');
  }

  /** After an outage: a stream that was trimmed past our place, or made anew, has lost samples. */
  async #checkPositions(redis: Redis): Promise<void> {
    const { keys, positions } = this.#options;
    const known = [...positions].filter(([, id]) => id !== '0-0');
    for (let start = 0; start < known.length; start += checkNamesMax) {
      const some = known.slice(start, start + checkNamesMax);
      const pipeline = redis.pipeline();
      for (const [name] of some) {
        pipeline.xrange(keys.samples(name), '-', '+', 'COUNT', 1);
        pipeline.xrevrange(keys.samples(name), '+', '-', 'COUNT', 1);
      }
      const results = (await pipeline.exec()) ?? [];
      some.forEach(([name, id], index) => {
        const first = firstId(results[index * 2]);
        const last = firstId(results[index * 2 + 1]);
        const isTrimmed = first !== undefined && isIdBefore({ id, other: first });
        const isAnew = last === undefined || isIdBefore({ id: last, other: id });
        if (isAnew) positions.set(name, '0-0');
        if (isTrimmed || isAnew) this.#broken.add(name);
      });
    }
  }

  async #readOnce(
    redis: Redis,
    waitMs: number | undefined,
  ): Promise<{ batch: FollowBatch<S>; isFull: boolean }> {
    const { keys, positions, isOwn } = this.#options;
    const names = [...positions.keys()].filter((name) => !isOwn(name));
    const streams = [keys.announcements, ...names.map((name) => keys.samples(name))];
    const ids = [this.#announcementId, ...names.map((name) => positions.get(name) ?? '0-0')];
    const replies =
      waitMs === undefined
        ? await redis.xreadBuffer('COUNT', entriesMax, 'STREAMS', ...streams, ...ids)
        : await redis.xreadBuffer(
            'COUNT',
            entriesMax,
            'BLOCK',
            waitMs,
            'STREAMS',
            ...streams,
            ...ids,
          );
    const batch: FollowBatch<S> = { samples: [], lost: 0 };
    let isFull = false;
    const nameOf = new Map(names.map((name) => [keys.samples(name), name]));
    for (const [key, entries] of (replies ?? []) as [Buffer, RedisEntry[]][]) {
      const name = nameOf.get(key.toString());
      if (name === undefined) {
        this.#announced(entries);
        isFull = true;
      } else {
        isFull ||= entries.length >= entriesMax;
        this.#collect(name, entries, batch);
      }
    }
    return { batch, isFull };
  }

  #announced(entries: RedisEntry[]): void {
    for (const [id, [, name]] of entries) {
      this.#announcementId = id.toString();
      if (name !== undefined) this.#begin(name.toString());
    }
  }

  #collect(name: string, entries: RedisEntry[], batch: FollowBatch<S>): void {
    const { kind, positions, newest } = this.#options;
    for (const entry of entries) {
      positions.set(name, entry[0].toString());
      const sample = sampleOfEntry(kind, name, entry);
      if (sample === undefined) {
        this.unreadable += 1;
        continue;
      }
      const had = newest(name);
      if (this.#broken.delete(name) && had !== undefined) {
        batch.lost += samplesBetween(had, sample, kind.intervalMs);
      }
      batch.samples.push(sample);
    }
  }
}

/** Entries of one stream per command. */
const entriesMax = 100;
/** A silent connection is noticed within this and the command's own time-out, milliseconds. */
const blockMs = 500;
const gatherMs = 5;
/** Time between two looks at which names there are, milliseconds. */
const lookMs = 30_000;
/** Names per pipeline when positions are checked. */
const checkNamesMax = 100;

function firstId(result: [error: Error | null, result: unknown] | undefined): string | undefined {
  const entries = result?.[1] as [id: string, fields: string[]][] | undefined;
  return entries?.[0]?.[0];
}
