import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import type { Redis } from 'ioredis';
import type { FollowBatch } from './feature-windows.ts';
import { isIdBefore, type RedisEntry, type RedisKeys, sampleOfEntry } from './redis-entry.ts';
import { samplesBetween } from './stream-resume.ts';

/** @see RedisReader */
export interface RedisReaderOptions {
  keys: RedisKeys;
  linksMax: number;
  /** A link that nobody wrote for longer is not read, milliseconds. */
  idleMs: number;
  clock: Clock;
  /** Last entry of each link that is known here; kept over connections. */
  positions: Map<string, string>;
  /** Whether this process writes the link: what it wrote it need not read. */
  isOwn: (link: string) => boolean;
  /** Newest sample of a link that is known here. */
  newest: (link: string) => Sample | undefined;
}

/** Reads the streams of all links that others write: one blocking command at a time. */
export class RedisReader {
  readonly #options: RedisReaderOptions;
  /** Links whose stream went on without this reader; the first sample tells what is gone. */
  readonly #broken = new Set<string>();
  #announcementId = '0-0';
  #lookedMs = Number.NEGATIVE_INFINITY;
  unreadable = 0;

  constructor(options: RedisReaderOptions) {
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
  ): AsyncGenerator<FollowBatch, void, undefined> {
    const { announcements } = this.#options.keys;
    const [newest] = await redis.xrevrange(announcements, '+', '-', 'COUNT', 1);
    this.#announcementId = newest?.[0] ?? '0-0';
    // In this order: a Redis that came back empty knows no links, but ours have lost samples.
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

  /** Which links there are; forgets those that nobody writes any more. */
  async #look(redis: Redis): Promise<void> {
    const { keys, linksMax, idleMs, clock, positions, isOwn } = this.#options;
    this.#lookedMs = clock.monotonicMs();
    const since = Math.round(clock.unixMs() - idleMs);
    const links = await redis.zrangebyscore(keys.links, since, '+inf', 'LIMIT', 0, linksMax);
    const written = new Set(links);
    for (const link of positions.keys()) {
      if (!written.has(link) && !isOwn(link)) positions.delete(link);
    }
    for (const link of this.#broken) {
      if (this.#options.newest(link) === undefined) this.#broken.delete(link);
    }
    for (const link of links) this.#begin(link);
  }

  #begin(link: string): void {
    const { positions, linksMax } = this.#options;
    if (!positions.has(link) && positions.size < linksMax) positions.set(link, '0-0');
  }

  /** After an outage: a stream that was trimmed past our place, or made anew, has lost samples. */
  async #checkPositions(redis: Redis): Promise<void> {
    const { keys, positions } = this.#options;
    const known = [...positions].filter(([, id]) => id !== '0-0');
    for (let start = 0; start < known.length; start += checkLinksMax) {
      const some = known.slice(start, start + checkLinksMax);
      const pipeline = redis.pipeline();
      for (const [link] of some) {
        pipeline.xrange(keys.samples(link), '-', '+', 'COUNT', 1);
        pipeline.xrevrange(keys.samples(link), '+', '-', 'COUNT', 1);
      }
      const results = (await pipeline.exec()) ?? [];
      some.forEach(([link, id], index) => {
        const first = firstId(results[index * 2]);
        const last = firstId(results[index * 2 + 1]);
        const isTrimmed = first !== undefined && isIdBefore({ id, other: first });
        const isAnew = last === undefined || isIdBefore({ id: last, other: id });
        if (isAnew) positions.set(link, '0-0');
        if (isTrimmed || isAnew) this.#broken.add(link);
      });
    }
  }

  async #readOnce(
    redis: Redis,
    waitMs: number | undefined,
  ): Promise<{ batch: FollowBatch; isFull: boolean }> {
    const { keys, positions, isOwn } = this.#options;
    const links = [...positions.keys()].filter((link) => !isOwn(link));
    const streams = [keys.announcements, ...links.map((link) => keys.samples(link))];
    const ids = [this.#announcementId, ...links.map((link) => positions.get(link) ?? '0-0')];
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
    const batch: FollowBatch = { samples: [], lost: 0 };
    let isFull = false;
    const linkOf = new Map(links.map((link) => [keys.samples(link), link]));
    for (const [key, entries] of (replies ?? []) as [Buffer, RedisEntry[]][]) {
      const link = linkOf.get(key.toString());
      if (link === undefined) {
        this.#announced(entries);
        isFull = true;
      } else {
        isFull ||= entries.length >= entriesMax;
        this.#collect(link, entries, batch);
      }
    }
    return { batch, isFull };
  }

  #announced(entries: RedisEntry[]): void {
    for (const [id, [, link]] of entries) {
      this.#announcementId = id.toString();
      if (link !== undefined) this.#begin(link.toString());
    }
  }

  #collect(link: string, entries: RedisEntry[], batch: FollowBatch): void {
    for (const entry of entries) {
      this.#options.positions.set(link, entry[0].toString());
      const sample = sampleOfEntry(link, entry);
      if (sample === undefined) {
        this.unreadable += 1;
        continue;
      }
      const had = this.#options.newest(link);
      if (this.#broken.delete(link) && had !== undefined) batch.lost += samplesBetween(had, sample);
      batch.samples.push(sample);
    }
  }
}

/** Entries of one stream per command. */
const entriesMax = 100;
/** A silent connection is noticed within this and the command's own time-out, milliseconds. */
const blockMs = 500;
const gatherMs = 5;
/** Time between two looks at which links there are, milliseconds. */
const lookMs = 30_000;
/** Links per pipeline when positions are checked. */
const checkLinksMax = 100;

function firstId(result: [error: Error | null, result: unknown] | undefined): string | undefined {
  const entries = result?.[1] as [id: string, fields: string[]][] | undefined;
  return entries?.[0]?.[0];
}
