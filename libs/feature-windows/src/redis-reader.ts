import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';
import type { TimedSample } from '@levitate/series';
import type { Redis } from 'ioredis';
import { CommandBatch } from './command-batch.ts';
import type { FollowBatch } from './feature-windows.ts';
import { LeanCommand } from './lean-command.ts';
import {
  entriesBetween,
  entryPlace,
  type RedisEntry,
  type RedisKeys,
  sampleOfEntry,
} from './redis-entry.ts';
import { announcementsMax, NAMES_BETWEEN } from './redis-writer.ts';
import type { SeriesKind } from './series-kind.ts';

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
}

/**
 * Reads the streams of all links, or paths, that others write. Each batch of a writer announces
 * whose samples it held; the reader waits for announcements and asks for those streams alone. (All
 * streams in one blocking command were tried: at 1,000 links the names alone made 7 MB/s.)
 */
export class RedisReader<S extends TimedSample> {
  readonly #options: RedisReaderOptions<S>;
  /** Names whose stream may have more than was read. */
  readonly #changed = new Set<string>();
  #announcementId = '0-0';
  #lookedMs = Number.NEGATIVE_INFINITY;
  #sweptMs = Number.NEGATIVE_INFINITY;
  #sweeping: MapIterator<string> | undefined;
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
    const { clock, keys } = this.#options;
    const [newest] = await redis.xrevrange(keys.announcements, '+', '-', 'COUNT', 1);
    this.#announcementId = newest?.[0] ?? '0-0';
    await this.#checkPositions(redis);
    await this.#look(redis);
    this.#sweepAll();
    let isCaughtUp = false;
    while (!signal.aborted) {
      const startMs = clock.monotonicMs();
      if (startMs - this.#lookedMs > lookMs) await this.#look(redis);
      this.#sweepSome(startMs);
      while (this.#changed.size > 0 && !signal.aborted) {
        const batch = await this.#readChanged(redis);
        if (batch.samples.length > 0 || batch.lost > 0) yield batch;
      }
      if (!isCaughtUp) onCaughtUp();
      isCaughtUp = true;
      // Lets more streams grow before the next command: one wake-up for many links.
      const restMs = startMs + gatherMs - clock.monotonicMs();
      if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => {});
      await this.#awaitAnnouncements(redis);
    }
  }

  /** Which there are; forgets those that nobody writes any more. */
  async #look(redis: Redis): Promise<void> {
    const { keys, seriesMax, idleMs, clock, positions, isOwn } = this.#options;
    this.#lookedMs = clock.monotonicMs();
    const since = Math.round(clock.unixMs() - idleMs);
    const names = await redis.zrangebyscore(keys.names, since, '+inf', 'LIMIT', 0, seriesMax);
    const written = new Set(names);
    // An emptied Redis knows no names until they are written again; places in it are kept.
    const isEmptied = names.length === 0;
    for (const name of isEmptied ? [] : positions.keys()) {
      if (!written.has(name) && !isOwn(name)) positions.delete(name);
    }
    for (const name of names) this.#begin(name);
  }

  /** Whatever was announced or not: every stream may have grown. */
  #sweepAll(): void {
    for (const name of this.#options.positions.keys()) this.#changed.add(name);
  }

  /**
   * In turns, so that within `sweepMs` every stream is asked for once: all at once are so much to
   * ask that whatever comes meanwhile waits.
   */
  #sweepSome(nowMs: number): void {
    const { positions } = this.#options;
    const elapsedMs = Math.min(sweepMs, nowMs - this.#sweptMs);
    const due = Math.floor((positions.size * elapsedMs) / sweepMs);
    if (due < Math.min(sweptAtOnceMin, positions.size)) return;
    this.#sweptMs = nowMs;
    for (let swept = 0; swept < due; swept++) {
      this.#sweeping ??= positions.keys();
      const { value, done } = this.#sweeping.next();
      if (done) this.#sweeping = undefined;
      else this.#changed.add(value);
    }
  }

  #begin(name: string): void {
    const { positions, seriesMax, isOwn } = this.#options;
    if (isOwn(name)) return;
    if (!positions.has(name) && positions.size < seriesMax) positions.set(name, '0-0');
    if (positions.has(name)) this.#changed.add(name);
  }

  /**
   * After an outage: a stream whose end lies before our place was made anew by a writer whose clock
   * is behind, and is read from its beginning.
   */
  async #checkPositions(redis: Redis): Promise<void> {
    const { keys, positions } = this.#options;
    const known = [...positions].filter(([, id]) => id !== '0-0');
    for (let start = 0; start < known.length; start += namesMax) {
      const some = known.slice(start, start + namesMax);
      const batch = new CommandBatch();
      for (const [name] of some) batch.add('xrevrange', keys.samples(name), '+', '-', 'COUNT', 1);
      const answers = await batch.send(redis);
      some.forEach(([name, id], index) => {
        const entries = answers[index]?.[1] as [id: string, fields: string[]][] | undefined;
        const last = entries?.[0]?.[0];
        if (last === undefined) return;
        if (entryPlace(last).epochMs < entryPlace(id).epochMs) positions.set(name, '0-0');
      });
    }
  }

  async #awaitAnnouncements(redis: Redis): Promise<void> {
    const { announcements } = this.#options.keys;
    const asked = ['COUNT', announcementsMax, 'BLOCK', blockMs];
    const from = ['STREAMS', announcements, this.#announcementId];
    const replies = await entriesOf(redis, [...asked, ...from]);
    const [, entries = []] = replies[0] ?? [];
    for (const [id, fields] of entries) {
      this.#announcementId = id.toString('latin1');
      for (let index = 1; index < fields.length; index += 2) {
        const names = (fields[index] as Buffer).toString();
        for (const name of names.split(NAMES_BETWEEN)) this.#begin(name);
      }
    }
    // As many as are kept: there may have been more.
    if (entries.length >= announcementsMax) this.#sweepAll();
  }

  /** One command for some of the changed streams; those that have more stay changed. */
  async #readChanged(redis: Redis): Promise<FollowBatch<S>> {
    const { keys, positions, isOwn } = this.#options;
    const batch: FollowBatch<S> = { samples: [], lost: 0 };
    const nameOfKey = new Map<string, string>();
    const ids: string[] = [];
    for (const name of this.#changed) {
      if (nameOfKey.size >= namesMax) break;
      this.#changed.delete(name);
      const id = positions.get(name);
      if (id === undefined || isOwn(name)) continue;
      nameOfKey.set(keys.samples(name), name);
      ids.push(id);
    }
    if (ids.length === 0) return batch;
    const streams = [...nameOfKey.keys()];
    const asked = ['COUNT', entriesMax, 'STREAMS', ...streams, ...ids];
    const replies = await entriesOf(redis, asked);
    for (const [key, entries] of replies) {
      const name = nameOfKey.get(key.toString());
      if (name === undefined) continue;
      if (entries.length >= entriesMax) this.#changed.add(name);
      this.#collect(name, entries, batch);
    }
    return batch;
  }

  #collect(name: string, entries: RedisEntry[], batch: FollowBatch<S>): void {
    const { kind, positions } = this.#options;
    let had = positions.get(name) ?? '0-0';
    for (const entry of entries) {
      const next = entry[0].toString('latin1');
      batch.lost += entriesBetween({ had, next });
      had = next;
      const sample = sampleOfEntry(kind, name, entry);
      if (sample === undefined) this.unreadable += 1;
      else batch.samples.push(sample);
    }
    positions.set(name, had);
  }
}

/** Of one stream, as XREAD gives them. */
type StreamEntries = [key: Buffer, entries: RedisEntry[]];

async function entriesOf(redis: Redis, words: (string | number)[]): Promise<StreamEntries[]> {
  const reply = await new LeanCommand('xread', words).sendTo(redis);
  return (reply as StreamEntries[] | null) ?? [];
}

/** Entries of one stream per command. */
const entriesMax = 100;
/** Streams per command: at most 10,000 samples are decoded in one go. */
const namesMax = 100;
/** A silent connection is noticed within this and the command's own time-out, milliseconds. */
const blockMs = 500;
const gatherMs = 2;
/** Time between two looks at which names there are, milliseconds. */
const lookMs = 30_000;
/** Time after which every stream is asked for, announced or not, milliseconds. */
const sweepMs = 5_000;
/** Fewer wait for more, which cost one command together. */
const sweptAtOnceMin = 10;
