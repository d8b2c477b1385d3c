/** The start of a burst. */
export interface Onset {
  /** Wall clock of the onset, milliseconds since 1970. */
  timeUnixMs: number;
  /** Traffic outside bursts just before it, bytes/s. */
  baselineBytesPerSecond: number;
}

/** A burst that is over. */
export interface Burst extends Onset {
  /** Seconds. */
  durationS: number;
  /** Highest arrival rate, bytes/s (mean of a sample; of a part of it where that is known). */
  peakBytesPerSecond: number;
  /** Bytes that arrived from onset to end. */
  volumeBytes: number;
  /** Largest room it asked of the queue, bytes; undefined where the queue was not measured. */
  needBytes?: number | undefined;
}
