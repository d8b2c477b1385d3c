/** High-water marks and drops of this long belong to one event (SPEC 4.2: "the last second"). */
const eventMs = 1_000;

interface Entry {
  timeMs: number;
  /** High-water mark of the interval. */
  highWater: number;
  dropped: number;
  announced: boolean;
  /** Peak need of the second that ends here; undefined where every interval of it was announced. */
  secondNeed: number | undefined;
}

/** Settings of a {@link PeakNeed}. */
export interface PeakNeedOptions {
  /** How long a peak is held, milliseconds. Default 10,000; pools 60,000. */
  holdMs?: number;
  /** Intervals kept at most; older ones go first. Default 2,048, which is 204 s at 10 Hz. */
  samplesMax?: number;
}

/**
 * The room that recent traffic asked for (SPEC 4.2): high-water mark plus drops of the worst second
 * within the hold, so that a queue that is empty between bursts keeps the size its bursts need.
 * Drops add up over the second, because they all missed the same queue; a high-water mark does not.
 *
 * Bursts that a trusted forecast announced can be left out, as they come (`announced`) or
 * afterwards (`forget`): their return will be announced too. Bursts nobody announced stay.
 */
export class PeakNeed {
  readonly holdMs: number;
  readonly #samplesMax: number;
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  /** Those that no later one matches, so that the largest is the first: nothing is searched. */
  #peaks: Entry[] = [];

  constructor(options: PeakNeedOptions = {}) {
    this.holdMs = options.holdMs ?? 10_000;
    this.#samplesMax = options.samplesMax ?? 2_048;
  }

  /** Add one measured interval; a `need` or `nowMs` that is not a number is no measurement. */
  observe(interval: {
    nowMs: number;
    need: number | undefined;
    dropped?: number | undefined;
    announced?: boolean | undefined;
  }): void {
    const { nowMs, need, dropped = 0, announced = false } = interval;
    if (need === undefined || !(need >= 0) || need === Number.POSITIVE_INFINITY) return;
    if (!Number.isFinite(nowMs)) return;
    const lost = dropped > 0 ? Math.min(dropped, need) : 0;
    const highWater = need - lost;
    // Time never runs backwards here: a sample that claims so counts as of now.
    const timeMs = Math.max(nowMs, this.#entries.at(-1)?.timeMs ?? nowMs);
    const entry: Entry = { timeMs, highWater, dropped: lost, announced, secondNeed: undefined };
    this.#entries.push(entry);
    if (this.#entries.length > this.#samplesMax) this.#dropOldest();
    entry.secondNeed = this.#secondNeed(this.#entries.length - 1);
    this.#rank(entry);
  }

  /** Peak need within the hold; `undefined` while nothing that counts was measured. */
  value(nowMs: number): number | undefined {
    const fromMs = nowMs - this.holdMs;
    while (this.#entries.length > 0 && !((this.#entries[0] as Entry).timeMs >= fromMs)) {
      this.#dropOldest();
    }
    return this.#peaks[0]?.secondNeed;
  }

  /** Leave the intervals that ended within [fromMs, toMs] out, as if they had been announced. */
  forget(range: { fromMs: number; toMs: number }): void {
    for (const entry of this.#entries) {
      if (entry.timeMs >= range.fromMs && entry.timeMs <= range.toMs) entry.announced = true;
    }
    this.#entries.forEach((entry, index) => {
      if (entry.timeMs >= range.fromMs && entry.timeMs <= range.toMs + eventMs) {
        entry.secondNeed = this.#secondNeed(index);
      }
    });
    this.#peaks = [];
    for (const entry of this.#entries) this.#rank(entry);
  }

  #secondNeed(last: number): number | undefined {
    const end = this.#entries[last]?.timeMs ?? 0;
    let highWater: number | undefined;
    let dropped = 0;
    for (let index = last; index >= 0; index -= 1) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.timeMs <= end - eventMs) break;
      if (entry.announced) continue;
      highWater = Math.max(highWater ?? 0, entry.highWater);
      dropped += entry.dropped;
    }
    return highWater === undefined ? undefined : highWater + dropped;
  }

  #rank(entry: Entry): void {
    const { secondNeed } = entry;
    if (secondNeed === undefined) return;
    while ((this.#peaks.at(-1)?.secondNeed ?? Number.POSITIVE_INFINITY) <= secondNeed) {
      this.#peaks.pop();
    }
    this.#peaks.push(entry);
  }

  #dropOldest(): void {
    if (this.#entries.shift() === this.#peaks[0]) this.#peaks.shift();
  }
}
