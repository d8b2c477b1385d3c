/** What a heap's need is made of. */
export interface HeapState {
  liveBytes: number;
  allocationBytesPerSecond: number;
  /** Length of a collection; undefined: from what is live. */
  cycleSeconds?: number | undefined;
  /** Collected while the program runs; else it stands still for as long. */
  isConcurrent: boolean;
  /** Kept free by the collector for itself; default 0. */
  reservedBytes?: number | undefined;
}

/** What is assumed of collections before one was seen: a tenth of a second, and 2 GB/s marked. */
const cycleSecondsMin = 0.1;
const markBytesPerSecond = 2e9;
/** Between two looks of the collector at whether it has to start, seconds: ZGC's 10 Hz. */
const decisionSeconds = 0.1;
/** ZGC starts in time for twice the rate (`ZAllocationSpikeTolerance`). */
const headroom = 2;
/** Share of the time a program may stand still in collections. */
const pausedShare = 0.05;

/**
 * Room at which a concurrent collector's cycles just follow one another: what is live, what one
 * cycle sees allocated and keeps until the next, and the headroom at which that starts. For one
 * that stops the program: room at which it stands still for a twentieth of the time.
 */
export function heapNeed(state: HeapState): number {
  const { liveBytes, allocationBytesPerSecond: rate, isConcurrent } = state;
  const cycleSeconds = state.cycleSeconds ?? cycleSecondsMin + liveBytes / markBytesPerSecond;
  const least = liveBytes + (state.reservedBytes ?? 0);
  if (!isConcurrent) return least + (rate * cycleSeconds) / pausedShare;
  return least + rate * ((1 + headroom) * cycleSeconds + headroom * decisionSeconds);
}

/**
 * What ZGC keeps free below its soft ceiling, so that a cycle can move what is live: a small page
 * and a medium one, which is a 32nd of the largest heap, a power of two, at most 32 MiB
 * (`ZHeuristics::relocation_headroom` of JDK 17; a small page more for each further thread).
 */
export function relocationReserve(maxBytes: number): number {
  const smallPageBytes = 2 * 2 ** 20;
  const mediumPageBytes = Math.min(32 * 2 ** 20, 2 ** Math.floor(Math.log2(maxBytes / 32)));
  return smallPageBytes + Math.max(0, mediumPageBytes);
}
