import type { Sample } from '@levitate/series';
import type { MeasuredInterval } from './shadow-lane.ts';

/** A packet beyond the limit is dropped whole: so far below it a full queue may stay, bytes. */
const packetBytesMax = 65_536;

/**
 * Makes of the samples of a queue the intervals that lanes beside it can be played through. What
 * was not measured whole, or does not follow on the interval before it, is none.
 */
export class MeasuredIntervals {
  readonly #periodMs: number;
  #end: { timeUnixMs: number; bytes: number } | undefined;
  #slackBytes = 0;

  constructor({ periodMs }: { periodMs: number }) {
    this.#periodMs = periodMs;
  }

  /** How far below its limit the real queue was when it was full, bytes. */
  get slackBytes(): number {
    return this.#slackBytes;
  }

  /** Once for each new sample, in order. */
  next(sample: Sample): MeasuredInterval | undefined {
    const { timeUnixMs, intervalMs = this.#periodMs, limitBytes } = sample;
    const begun = this.#end;
    const { queueBytes, queueHighWaterBytes = queueBytes, droppedBytes } = sample;
    const { throughputBytesPerSecond: rate, drainBytesPerSecond } = sample;
    this.#end = isSize(queueBytes) ? { timeUnixMs, bytes: queueBytes } : undefined;
    const gapMs = begun === undefined ? Number.NaN : timeUnixMs - begun.timeUnixMs - intervalMs;
    if (begun === undefined || !(Math.abs(gapMs) <= intervalMs / 2)) return undefined;
    if (!isSize(queueBytes) || !isSize(queueHighWaterBytes) || !isSize(droppedBytes))
      return undefined;
    if (!isSize(rate) || !isSize(drainBytesPerSecond) || drainBytesPerSecond === 0)
      return undefined;
    if (droppedBytes > 0 && limitBytes !== undefined) {
      const below = limitBytes - queueHighWaterBytes;
      this.#slackBytes = Math.min(packetBytesMax, Math.max(0, below));
    }
    return {
      intervalMs,
      arrivedBytes: (rate * intervalMs) / 1000,
      droppedBytes,
      startBytes: begun.bytes,
      endBytes: queueBytes,
      highWaterBytes: queueHighWaterBytes,
      drainBytesPerSecond,
      peakBytesPerSecond: sample.throughputPeakBytesPerSecond,
      limitBytes,
    };
  }
}

function isSize(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value < Number.POSITIVE_INFINITY;
}
