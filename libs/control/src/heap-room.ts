import { strict as assert } from 'node:assert';

/** What a collected heap says of one interval. */
export interface HeapState {
  /** What the last cycle found live, bytes. */
  liveBytes: number;
  allocationBytesPerSecond: number;
  /** Time in which a cycle ran, within the interval, seconds. */
  collectingS: number;
  /** Cycles that ended in the interval. */
  cycles: number;
  /** What rejected requests would have allocated, bytes; default 0. */
  rejectedBytes?: number | undefined;
}

/** Settings of a {@link HeapRoom}. */
export interface HeapRoomOptions {
  /** Largest heap there can be, bytes. */
  maxBytes: number;
  /** Share of all cores that a cycle takes; default 0.25, as concurrent collectors have it. */
  collectorShare?: number | undefined;
  /** The collector starts when less than this times a cycle's allocation is left; default 1.2. */
  headroom?: number | undefined;
}

/** Length of a cycle before any was seen: this and live over this rate. */
const cycleSecondsMin = 0.1;
const markBytesPerSecond = 2e9;
/** Weight of the newest cycle. */
const newestWeight = 0.5;

/**
 * The room that a heap needs, bytes: what is live, what is allocated while a cycle runs and stays
 * until the next, the headroom at which that starts, and so much more that collecting oftener would
 * cost more than the room. That last part is the square-root rule (Kirisame, Shenoy and Panchekha,
 * "Optimal heap limits for reducing browser memory use", OOPSLA 2022): with x bytes of it, x / max
 * is paid for room and share x time of a cycle x allocation / x for collecting, least at
 * x = sqrt(share x allocation in a cycle x max). A governor holds the peak of this need and makes a
 * soft ceiling of it.
 */
export class HeapRoom {
  readonly #maxBytes: number;
  readonly #collectorShare: number;
  readonly #headroom: number;
  #cycleS: number | undefined;
  #runningS = 0;

  constructor(options: HeapRoomOptions) {
    assert(options.maxBytes > 0, `a heap has a size above 0, got ${options.maxBytes}`);
    this.#maxBytes = options.maxBytes;
    this.#collectorShare = options.collectorShare ?? 0.25;
    this.#headroom = options.headroom ?? 1.2;
  }

  /** Length of a cycle as far as known, seconds; undefined before one has ended. */
  get cycleS(): number | undefined {
    return this.#cycleS;
  }

  /** One interval. @returns the need, bytes */
  observe(state: HeapState): number {
    const { liveBytes, allocationBytesPerSecond, rejectedBytes = 0 } = state;
    this.#learn(state);
    // A cycle that is not over yet has already lasted this long.
    const cycleS = Math.max(this.#cycleS ?? this.#guess(liveBytes), this.#runningS);
    const inCycle = allocationBytesPerSecond * cycleS;
    const spare = Math.sqrt(this.#collectorShare * inCycle * this.#maxBytes);
    return liveBytes + (1 + this.#headroom) * inCycle + spare + rejectedBytes;
  }

  #learn({ collectingS, cycles }: HeapState): void {
    this.#runningS += collectingS;
    if (cycles > 0) {
      const newest = this.#runningS / cycles;
      this.#cycleS =
        this.#cycleS === undefined ? newest : this.#cycleS + newestWeight * (newest - this.#cycleS);
      this.#runningS = 0;
    }
  }

  #guess(liveBytes: number): number {
    return cycleSecondsMin + liveBytes / markBytesPerSecond;
  }
}
