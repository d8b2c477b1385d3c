import type { Clock } from '@levitate/clock';
import type { Redis } from 'ioredis';
import { CommandBatch, type CommandOutcome } from './command-batch.ts';
import { batchSamplesMax } from './feature-windows.ts';
import type { PendingSamples } from './pending-samples.ts';
import { RecentSamples } from './recent-samples.ts';
import { type EntryPlace, entryPlace, type RedisKeys } from './redis-entry.ts';
import type { NumberedSample, SeriesNumbers } from './series-numbers.ts';
import { XaddCommand } from './xadd-command.ts';

/** @see RedisWriter */
export interface RedisWriterOptions {
  /** Field of an entry that holds the sample. */
  field: string;
  pending: PendingSamples<NumberedSample>;
  numbers: SeriesNumbers;
  keys: RedisKeys;
  /** Length a stream is trimmed to, roughly: Redis frees whole nodes of about 100 entries. */
  samplesMax: number;
  /** A stream that is not written for longer goes, milliseconds. */
  idleMs: number;
  clock: Clock;
  /** Last entry of each name that is known here, so that a reader can start behind it. */
  positions: Map<string, string>;
}

/** How one batch ended. */
interface Sent {
  written: number;
  /** To be sent again, oldest first. */
  failed: NumberedSample[];
  /** Refused because the stream is ahead of them. */
  overtaken: NumberedSample[];
  /** Why this connection is of no more use. */
  failure: Error | undefined;
}

/**
 * Writes pending samples to their streams: a write per batch, and as many on their way
 * at once as a Redis that answers after 2 s needs for 1,000 links at 10 Hz.
 */
export class RedisWriter {
  readonly #options: RedisWriterOptions;
  /** When a name's expiry was last put off, monotonic milliseconds. */
  readonly #refreshedMs = new Map<string, number>();
  readonly #recent = new RecentSamples(recentBounds);

  constructor(options: RedisWriterOptions) {
    this.#options = options;
  }

  /**
   * On one connection, until it is lost or the signal aborts.
   *
   * @param onWritable called once Redis has taken a write: one that is there may be read-only, out
   *   of memory, or without its replicas
   * @returns yields the number of samples written by each batch
   */
  async *write(
    redis: Redis,
    { signal, onWritable }: { signal: AbortSignal; onWritable: () => void },
  ): AsyncGenerator<number, void, undefined> {
    const { pending, keys } = this.#options;
    this.#refreshedMs.clear();
    let isOver = false;
    const over = (): void => {
      isOver = true;
      pending.wake();
    };
    redis.once('end', over);
    signal.addEventListener('abort', over, { once: true });
    const onTheirWay: Promise<Sent>[] = [];
    try {
      // Refused for every reason an XADD is, and changes nothing: there is no such member.
      await answered(redis, redis.zadd(keys.names, 'XX', 0, ''));
      await this.#writeRecentAgain(redis);
      onWritable();
      while (!signal.aborted) {
        if (isOver) throw new Error('the connection to Redis was lost');
        while (onTheirWay.length < batchesMax && pending.waiting > 0) {
          onTheirWay.push(this.#send(redis, pending.take(batchSamplesMax)));
        }
        const oldest = onTheirWay.shift();
        if (oldest !== undefined) {
          const written = await this.#account(redis, await oldest, onTheirWay);
          if (written > 0) yield written;
        } else {
          await pending.arrival();
        }
      }
    } finally {
      redis.off('end', over);
      signal.removeEventListener('abort', over);
      redis.disconnect();
      const rest = await Promise.all(onTheirWay);
      pending.putBack(rest.flatMap(({ failed, overtaken }) => [...overtaken, ...failed]));
    }
  }

  /** A name that has no window any more. */
  forget(name: string): void {
    this.#refreshedMs.delete(name);
    this.#options.numbers.forget(name);
  }

  async #send(redis: Redis, samples: NumberedSample[]): Promise<Sent> {
    const batch = new CommandBatch();
    for (const sample of samples) this.#add(batch, sample);
    const names = new Set(samples.map(({ name }) => name));
    const [aName = ''] = names;
    batch.add('zscore', this.#options.keys.names, aName);
    const isAnnounced = this.#refreshedMs.has(aName);
    this.#announce(batch, names);
    const answers = await answered(redis, batch.send(redis));
    const score = answers[samples.length];
    // Somebody emptied Redis: without this, new readers would learn of no name for a while.
    if (isAnnounced && score?.[0] === null && score[1] === null) this.#refreshedMs.clear();
    return this.#outcome(samples, answers);
  }

  #add(batch: CommandBatch, numbered: NumberedSample): void {
    const { field, keys, samplesMax, numbers } = this.#options;
    const { name, value } = numbered;
    numbered.id = numbers.idOf(numbered) ?? numbered.id;
    const { id } = numbered;
    batch.addCommand(
      new XaddCommand({ key: keys.samples(name), entriesMax: samplesMax, id, field, value }),
    );
  }

  /** Which samples are in Redis, which may be, and which are not. */
  #outcome(samples: NumberedSample[], answers: CommandOutcome[]): Sent {
    const { pending, positions, clock } = this.#options;
    const sent: Sent = { written: 0, failed: [], overtaken: [], failure: undefined };
    let refused = 0;
    const arrived: NumberedSample[] = [];
    samples.forEach((sample, index) => {
      const [error] = answers[index] ?? [new Error('no answer')];
      if (error === null || (sample.isUnanswered && isOvertaken(error))) {
        positions.set(sample.name, sample.id);
        arrived.push(sample);
      } else if (error.message.startsWith('WRONGTYPE')) {
        refused += 1;
      } else if (isOvertaken(error)) {
        sent.overtaken.push(sample);
      } else {
        sample.isUnanswered ||= error.name !== 'ReplyError';
        sent.failure ??= error;
        sent.failed.push(sample);
      }
    });
    this.#recent.add(arrived, clock.monotonicMs());
    sent.written = arrived.length;
    pending.written(arrived.length);
    if (refused > 0) pending.giveUp(refused);
    return sent;
  }

  /** @throws Error what makes this connection of no more use */
  async #account(redis: Redis, sent: Sent, onTheirWay: Promise<Sent>[]): Promise<number> {
    if (sent.failed.length === 0 && sent.overtaken.length === 0) return sent.written;
    // In the order of their numbers, or later ones would overtake these.
    const all = [sent, ...(await Promise.all(onTheirWay.splice(0)))];
    const { pending } = this.#options;
    const overtaken = all.flatMap((one) => one.overtaken);
    const again = new Set(all.flatMap((one) => one.failed));
    try {
      for (const sample of await this.#beginEpochs(redis, overtaken)) again.add(sample);
    } catch (error) {
      for (const sample of overtaken) again.add(sample);
      throw error;
    } finally {
      const byNumber = [...again].toSorted((a, b) => a.number - b.number);
      pending.putBack(byNumber);
    }
    const failure = all.find((one) => one.failure !== undefined)?.failure;
    if (failure !== undefined) throw failure;
    return all.reduce((sum, { written }) => sum + written, 0);
  }

  /** @returns those that can be sent again; the others are given up */
  async #beginEpochs(redis: Redis, overtaken: NumberedSample[]): Promise<NumberedSample[]> {
    if (overtaken.length === 0) return [];
    const { keys, numbers, clock, pending } = this.#options;
    const names = [...new Set(overtaken.map(({ name }) => name))];
    const newest = await newestEntries(
      redis,
      names.map((name) => keys.samples(name)),
    );
    const again: NumberedSample[] = [];
    for (const sample of overtaken) {
      const top = newest[names.indexOf(sample.name)];
      const epochMs = numbers.epochMsOf(sample.name);
      if (top !== undefined && top.epochMs === epochMs) {
        // One of ours that came later got in before it; there is no place for it any more.
        pending.giveUp(1);
        continue;
      }
      const isCurrent = entryPlace(sample.id).epochMs === epochMs;
      if (isCurrent && top !== undefined) {
        const { epochMs: afterMs } = top;
        numbers.beginEpoch(sample, { afterMs, unixMs: clock.unixMs() });
      }
      again.push(sample);
    }
    return again;
  }

  /**
   * What Redis acknowledged just before the last connection was lost may have died with it, before
   * anyone read it. Where it did not, every entry is refused, since it is there.
   */
  async #writeRecentAgain(redis: Redis): Promise<void> {
    const { numbers } = this.#options;
    const recent = this.#recent.all();
    for (let start = 0; start < recent.length; start += batchSamplesMax) {
      const batch = new CommandBatch();
      const names = new Set<string>();
      for (const sample of recent.slice(start, start + batchSamplesMax)) {
        if (numbers.idOf(sample) === undefined) continue;
        this.#add(batch, sample);
        names.add(sample.name);
      }
      this.#announce(batch, names);
      await answered(redis, batch.send(redis));
    }
  }

  /** Behind the samples, in the same batch: who hears of a name finds what was written. */
  #announce(batch: CommandBatch, names: ReadonlySet<string>): void {
    const { keys, idleMs, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const expiryMs = Math.ceil(idleMs);
    let isAnyDue = false;
    for (const name of names) {
      if (nowMs - (this.#refreshedMs.get(name) ?? Number.NEGATIVE_INFINITY) < idleMs / 10) continue;
      this.#refreshedMs.set(name, nowMs);
      isAnyDue = true;
      batch.add('pexpire', keys.samples(name), expiryMs);
      batch.add('zadd', keys.names, Math.round(clock.unixMs()), name);
    }
    if (isAnyDue) {
      const oldestMs = Math.round(clock.unixMs() - idleMs);
      batch.add('zremrangebyscore', keys.names, '-inf', oldestMs);
      batch.add('pexpire', keys.names, expiryMs);
      batch.add('pexpire', keys.announcements, expiryMs);
    }
    if (names.size === 0) return;
    // One word of them all: every word costs what a sample costs, here and at each reader.
    const text = [...names].join(NAMES_BETWEEN);
    batch.add('xadd', keys.announcements, 'MAXLEN', '~', announcementsMax, '*', 'names', text);
  }
}

/** Between the names of an announcement; no name has it, as none has control characters. */
export const NAMES_BETWEEN = '\n';
/** Announcements kept, roughly. A reader that is further behind looks at every stream. */
export const announcementsMax = 200;

/** 32,000 samples on their way: more than 1,000 links at 10 Hz have in 2 s. */
const batchesMax = 32;
/** A connection without an answer for longer is dead, milliseconds. */
const answerMs = 5000;
/** What is written again after a lost connection: a second of 1,000 links at 10 Hz, doubled. */
const recentBounds = { ms: 1000, samplesMax: 20_000 };

function isOvertaken(error: Error): boolean {
  return error.message.includes('equal or smaller than the target stream top item');
}

async function newestEntries(
  redis: Redis,
  keys: readonly string[],
): Promise<(EntryPlace | undefined)[]> {
  const batch = new CommandBatch();
  for (const key of keys) batch.add('xrevrange', key, '+', '-', 'COUNT', 1);
  const answers = await answered(redis, batch.send(redis));
  return answers.map(([error, entries]) => {
    if (error !== null) throw error;
    const [newest] = entries as [id: string, fields: string[]][];
    return newest === undefined ? undefined : entryPlace(newest[0]);
  });
}

/** What is not answered within 5 s ends the connection, and with it fails. */
async function answered<Value>(redis: Redis, answer: Promise<Value>): Promise<Value> {
  const watchdog = setTimeout(() => redis.disconnect(), answerMs);
  return answer.finally(() => clearTimeout(watchdog));
}

/** Opens a connection made by `make`, and gives it back whatever happens. */
export async function* withRedis<Item>(
  make: () => Redis,
  signal: AbortSignal,
  use: (redis: Redis) => AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  const redis = make();
  let why: Error | undefined;
  redis.on('error', (error: Error) => {
    why = error;
  });
  const disconnect = (): void => redis.disconnect();
  signal.addEventListener('abort', disconnect, { once: true });
  try {
    await answered(redis, redis.connect());
    yield* use(redis);
  } catch (error) {
    throw why ?? error;
  } finally {
    signal.removeEventListener('abort', disconnect);
    redis.disconnect();
  }
}
