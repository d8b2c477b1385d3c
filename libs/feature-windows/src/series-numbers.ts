import { entryIdOf } from './redis-entry.ts';

/**
 * A sample on its way to Redis, with its place in its stream. As bytes: thousands wait at any time,
 * and the garbage collector moves one thing where a sample has twenty.
 */
export interface NumberedSample {
  readonly name: string;
  readonly value: Buffer;
  /** From 1 on, one more per sample of this name, those that will be lost included. */
  readonly number: number;
  /** The id it was last sent with. */
  id: string;
  /** It was sent and no answer came: Redis may have it. */
  isUnanswered: boolean;
}

/**
 * Numbers the samples of each name, and makes entry ids of the numbers: `EPOCH-NUMBER`, the epoch
 * being when this process began to write the name, milliseconds since 1970.
 *
 * So an entry that is sent twice is refused the second time, and a reader that meets a hole in the
 * numbers knows how many samples are gone, whether they were dropped before they got to Redis,
 * trimmed, or lost with it. A pure state machine.
 */
export class SeriesNumbers {
  readonly #series = new Map<string, Numbered>();

  /** @param unixMs now; it counts for a name that is new */
  next(name: string, { value, unixMs }: { value: Buffer; unixMs: number }): NumberedSample {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { name, epochMs: Math.floor(unixMs), base: 0, newest: 0 };
      this.#series.set(name, series);
    }
    series.newest += 1;
    // The same text for all: those of a second are kept, and each sample came with one of its own.
    return { name: series.name, value, number: series.newest, id: '', isUnanswered: false };
  }

  /** The id to send it with; `undefined` where its number was before the present epoch. */
  idOf({ name, number }: NumberedSample): string | undefined {
    const series = this.#series.get(name);
    if (series === undefined || number <= series.base) return undefined;
    return entryIdOf({ epochMs: series.epochMs, number: number - series.base });
  }

  /**
   * The stream has an entry that is newer than our epoch: of another process that wrote this name,
   * of one with another clock. From `first` on the numbers begin a new epoch beyond it.
   */
  beginEpoch(first: NumberedSample, { afterMs, unixMs }: EpochStart): void {
    const series = this.#series.get(first.name);
    if (series === undefined) return;
    series.epochMs = Math.max(Math.floor(unixMs), afterMs + 1);
    series.base = first.number - 1;
  }

  /** The epoch a name is written in; `undefined` for one that is not. */
  epochMsOf(name: string): number | undefined {
    return this.#series.get(name)?.epochMs;
  }

  /** A name that is not written any more; if it comes back it begins a new epoch. */
  forget(name: string): void {
    this.#series.delete(name);
  }
}

interface Numbered {
  name: string;
  epochMs: number;
  base: number;
  newest: number;
}

/** @see SeriesNumbers.beginEpoch */
interface EpochStart {
  /** Epoch of the newest entry of the stream. */
  afterMs: number;
  unixMs: number;
}
