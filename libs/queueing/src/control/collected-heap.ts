/** What a request leaves in the heap of the control bench, and how it is collected. */
export const heapBench = {
  allocatedBytesPerRequest: 2e6,
  /** Of them held after the request; the rest is garbage at the next collection. */
  heldBytesPerRequest: 50_000,
  /** Mean of the exponential time for which they are held. */
  heldSeconds: 60,
  /** Live without any request. */
  liveBytesMin: 0.5e9,
  cycleSecondsMin: 0.1,
  /** What a cycle marks, on its four cores. */
  markBytesPerSecond: 2e9,
  /** A cycle starts when less than this times what it will see allocated is left. */
  headroom: 1.2,
  hardBytesMax: 12e9,
} as const;

/** Time constant of the collector's estimate of the allocation rate, milliseconds. */
const rateTimeConstantMs = 1_000;

/** Length of a cycle, seconds. @param liveBytes when it starts */
export function cycleSeconds(liveBytes: number): number {
  return heapBench.cycleSecondsMin + liveBytes / heapBench.markBytesPerSecond;
}

/**
 * Room at which cycles just follow one another: what is live, what one cycle sees allocated and is
 * kept until the next, and the headroom at which that starts. With less the collector never rests.
 */
export function heapNeed(heap: { liveBytes: number; allocationBytesPerSecond: number }): number {
  const inCycle = heap.allocationBytesPerSecond * cycleSeconds(heap.liveBytes);
  return heap.liveBytes + (1 + heapBench.headroom) * inCycle;
}

/** What a request rate holds after a long time, bytes. */
export function heldBytesAt(requestsPerSecond: number): number {
  return requestsPerSecond * heapBench.heldSeconds * heapBench.heldBytesPerRequest;
}

/** A cycle that is under way. */
interface Cycle {
  endMs: number;
  liveBytes: number;
  allocatedBytes: number;
}

/**
 * A heap with a concurrent collector. A cycle frees what was garbage as it started; what is
 * allocated or dies meanwhile stays until the next (allocation is black, the snapshot is taken at
 * the start, as ZGC and Shenandoah do).
 */
export class CollectedHeap {
  softBytes: number;
  readonly hardBytes: number;
  #heldBytes: number;
  #usedBytes: number;
  #bytesPerMs: number;
  #cycle: Cycle | undefined;
  #lastLiveBytes: number;
  #cycles = 0;

  /** @param requestsPerSecond rate that has filled it until now */
  constructor(options: { softBytes: number; hardBytes: number; requestsPerSecond: number }) {
    const { requestsPerSecond } = options;
    this.softBytes = options.softBytes;
    this.hardBytes = options.hardBytes;
    this.#heldBytes = heldBytesAt(requestsPerSecond);
    this.#usedBytes = this.liveBytes;
    this.#lastLiveBytes = this.liveBytes;
    this.#bytesPerMs = (requestsPerSecond * heapBench.allocatedBytesPerRequest) / 1000;
  }

  get liveBytes(): number {
    return heapBench.liveBytesMin + this.#heldBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** What the last cycle found live: as much of it as a controller can know. */
  get lastLiveBytes(): number {
    return this.#lastLiveBytes;
  }

  get allocationBytesPerSecond(): number {
    return this.#bytesPerMs * 1000;
  }

  get isCollecting(): boolean {
    return this.#cycle !== undefined;
  }

  /** Cycles that have ended. */
  get cycles(): number {
    return this.#cycles;
  }

  /** When the cycle ends; `Infinity` while none runs. */
  get cycleEndMs(): number {
    return this.#cycle?.endMs ?? Number.POSITIVE_INFINITY;
  }

  /** Bytes until the hard maximum, where allocation stalls until a cycle ends. */
  get leftBytes(): number {
    return this.hardBytes - this.#usedBytes;
  }

  /** Time has passed and requests, or parts of them, were served. */
  pass(ms: number, { nowMs, requests }: { nowMs: number; requests: number }): void {
    const bytes = requests * heapBench.allocatedBytesPerRequest;
    const decayed = this.#heldBytes * Math.exp(-ms / 1000 / heapBench.heldSeconds);
    this.#heldBytes = decayed + requests * heapBench.heldBytesPerRequest;
    this.#usedBytes += bytes;
    const weight = Math.min(1, ms / rateTimeConstantMs);
    this.#bytesPerMs += (bytes / ms - this.#bytesPerMs) * weight;
    if (this.#cycle !== undefined) {
      this.#cycle.allocatedBytes += bytes;
      if (nowMs >= this.#cycle.endMs) this.#endCycle(this.#cycle);
    }
    if (this.#cycle === undefined) this.#maybeStart(nowMs);
  }

  /** Room is out: collect now. */
  collect(nowMs: number): void {
    if (this.#cycle === undefined) this.#start(nowMs);
  }

  #maybeStart(nowMs: number): void {
    const inCycle = this.allocationBytesPerSecond * cycleSeconds(this.liveBytes);
    const isShort = this.softBytes - this.#usedBytes < heapBench.headroom * inCycle;
    if (isShort) this.#start(nowMs);
  }

  #start(nowMs: number): void {
    const { liveBytes } = this;
    const endMs = nowMs + cycleSeconds(liveBytes) * 1000;
    this.#cycle = { endMs, liveBytes, allocatedBytes: 0 };
  }

  #endCycle({ liveBytes, allocatedBytes }: Cycle): void {
    this.#usedBytes = liveBytes + allocatedBytes;
    this.#lastLiveBytes = liveBytes;
    this.#cycle = undefined;
    this.#cycles++;
  }
}
