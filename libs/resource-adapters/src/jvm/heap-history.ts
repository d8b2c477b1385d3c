import type { JvmReading } from './jvm-access.ts';

/** What successive looks at a heap say of its program and of its collector. */
export interface HeapFigures {
  /** Left in use by the last collection, or the least that any of late has left, bytes. */
  liveBytes: number;
  allocationBytesPerSecond: number;
  /** Since the look before: time in which a collection was under way, and those that ended. */
  collectingS: number;
  cycles: number;
  /** Share of the time in which a collection was under way, 0..1. */
  pressure: number;
}

/** Time constant of the allocation rate, ms: as fast as a collector that starts in time. */
const rateTimeConstantMs = 1_000;
/** How far back the share of collections is averaged, ms. */
const windowMs = 30_000;
/** How far back a generational heap looks for the least it was emptied to, ms. */
const liveWindowMs = 10_000;
/**
 * Share of what is in use that is taken for live before a whole collection was seen. The ceiling
 * that comes of it is below what is in use, so that one is seen soon; all of it for live would be
 * held for a peak.
 */
const unseenLiveShare = 0.5;
/** Looks that are kept; a tenth of a second apart they fill the window. */
const looksMax = 300;

/** One look. */
interface Look {
  nowMs: number;
  reading: JvmReading;
}

/**
 * Allocation rate, live bytes and time of collections from looks at a heap. A heap that
 * holds less than before was collected in between: what it holds then is what was live, and what
 * was allocated since. A younger generation is emptied without what died in the old one, so that
 * the least of ten seconds counts there.
 */
export class HeapHistory {
  readonly #looks: Look[] = [];
  /** What was left in use when it fell. */
  readonly #emptied: { nowMs: number; usedBytes: number }[] = [];
  #bytesPerMs: number | undefined;

  /** Another run of the JVM starts afresh. @param nowMs monotonic */
  add(nowMs: number, reading: JvmReading): HeapFigures {
    const before = this.#looks.at(-1);
    if (before !== undefined && before.reading.instance !== reading.instance) this.#forget();
    else if (before !== undefined) this.#compare(before, { nowMs, reading });
    this.#looks.push({ nowMs, reading });
    while (this.#looks.length > looksMax || nowMs - (this.#looks[0]?.nowMs ?? 0) > windowMs) {
      this.#looks.shift();
    }
    while (nowMs - (this.#emptied[0]?.nowMs ?? nowMs) > liveWindowMs && this.#emptied.length > 1) {
      this.#emptied.shift();
    }
    return {
      liveBytes: this.#live(reading),
      allocationBytesPerSecond: (this.#bytesPerMs ?? 0) * 1_000,
      ...collected(before?.reading, reading),
      pressure: this.#pressure({ nowMs, reading }),
    };
  }

  #compare(before: Look, { nowMs, reading }: Look): void {
    const ms = nowMs - before.nowMs;
    if (ms <= 0) return;
    const grownBytes = reading.usedBytes - before.reading.usedBytes;
    if (grownBytes < 0) this.#emptied.push({ nowMs, usedBytes: reading.usedBytes });
    const isCollected = grownBytes < 0 || before.reading.collections !== reading.collections;
    // What was freed hides what was allocated: the rate of before is the better guess.
    const bytesPerMs = isCollected
      ? Math.max(this.#bytesPerMs ?? 0, grownBytes / ms)
      : grownBytes / ms;
    const weight = this.#bytesPerMs === undefined ? 1 : 1 - Math.exp(-ms / rateTimeConstantMs);
    this.#bytesPerMs = (this.#bytesPerMs ?? 0) + weight * (bytesPerMs - (this.#bytesPerMs ?? 0));
  }

  #live(reading: JvmReading): number {
    const { usedAfterBytes, collector, usedBytes } = reading;
    if (usedAfterBytes !== undefined) return usedAfterBytes;
    const isWhole = collector === 'z' || collector === 'shenandoah';
    if (isWhole) return this.#emptied.at(-1)?.usedBytes ?? usedBytes * unseenLiveShare;
    return Math.min(usedBytes, ...this.#emptied.map((each) => each.usedBytes));
  }

  #pressure({ nowMs, reading }: Look): number {
    const first = this.#looks[0];
    if (first === undefined || nowMs <= first.nowMs) return 0;
    const ms = collected(first.reading, reading).collectingS * 1_000;
    return Math.min(1, ms / (nowMs - first.nowMs));
  }

  #forget(): void {
    this.#looks.length = 0;
    this.#emptied.length = 0;
    this.#bytesPerMs = undefined;
  }
}

/** Between two looks at the same run. */
function collected(
  before: JvmReading | undefined,
  now: JvmReading,
): Pick<HeapFigures, 'collectingS' | 'cycles'> {
  if (before?.instance !== now.instance) return { collectingS: 0, cycles: 0 };
  const ms = (now.collectingMs ?? 0) - (before.collectingMs ?? 0);
  const cycles = (now.collections ?? 0) - (before.collections ?? 0);
  return { collectingS: Math.max(0, ms / 1_000), cycles: Math.max(0, cycles) };
}
