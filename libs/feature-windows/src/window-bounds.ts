/** How long and how dense a window is. */
export interface WindowBounds {
  /** Time from the oldest to the newest sample, milliseconds. */
  spanMs: number;
  /** Most samples it holds, whatever their times. */
  samplesMax: number;
}

/** The bounds of a table of windows. */
export interface TableBounds extends WindowBounds {
  /** Most links, or paths, with a window. */
  seriesMax: number;
  /**
   * One that was silent for longer gives its place to a new one when all places are taken,
   * milliseconds: by then its window holds nothing current.
   */
  seriesIdleMs: number;
}

/** Bounds of windows in memory. */
export interface MemoryBounds extends TableBounds {
  /** What one follower may have waiting before its oldest are dropped and counted, samples. */
  followerSamplesMax: number;
}
