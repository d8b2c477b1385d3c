/** Shares of the heap that are to be free after a collection, percent. */
export interface FreeRatios {
  min: number;
  max: number;
}

/** Between the two, so that a heap that breathes is not resized at every collection. */
const gapPercent = 10;
/** A heap is never asked to be fuller, or emptier, than this. */
const leastPercent = 5;
const mostPercent = 95;

/**
 * `MinHeapFreeRatio` and `MaxHeapFreeRatio` at which G1, Parallel and Serial commit at most a
 * ceiling: when they resize, after a full collection and G1 also after marking, they shrink the
 * heap until `max` percent of it are free and grow it until `min` percent are. With `live` bytes in
 * use, `live / (1 - max / 100)` is the ceiling. Whole percent: rounded down, below the ceiling.
 */
export function freeRatios(ceilingBytes: number, liveBytes: number): FreeRatios {
  const percent = Math.floor(100 * (1 - liveBytes / ceilingBytes));
  const max = Math.min(mostPercent, Math.max(leastPercent, percent));
  return { min: Math.max(0, max - gapPercent), max };
}
