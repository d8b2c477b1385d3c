import { needBytes, type Sample } from '@levitate/series';
import type { Burst, Onset } from './burst.ts';
import { IDLE_BYTES_PER_SECOND } from './quiet-traffic.ts';

/** A sample of the burst, and its length. */
interface Part {
  startUnixMs: number;
  endUnixMs: number;
  rate: number | undefined;
  peak: number | undefined;
  queue: QueueTrace | undefined;
}

/** How the queue stood within a sample, where a burst was enough to fill it. */
interface QueueTrace {
  highWaterBytes: number;
  endBytes: number;
  drainBytesPerSecond: number;
}

/** A high-water mark below this much drain says little about when it was reached, seconds. */
const QUEUE_TELLS_S = 0.003;
/** A queue above this share of its mark has not been empty since. */
const STILL_QUEUED_SHARE = 0.05;

/**
 * What is known of a burst while it goes on: the first and the last sample it touched, and sums
 * over those between, so that its memory does not grow with its length.
 */
export class BurstRecord {
  readonly #baseline: number;
  readonly #first: Part;
  #last: Part;
  #betweenBytes = 0;
  #betweenMs = 0;
  #peak = 0;
  #need: number | undefined;
  #droppedBytes = 0;

  constructor(start: { baselineBytesPerSecond: number; sample: Sample; intervalMs: number }) {
    this.#baseline = start.baselineBytesPerSecond;
    this.#first = partOf(start);
    this.#last = this.#first;
    this.#see(this.#first);
    this.addNeed(start.sample);
  }

  /** The link carried next to nothing before it. */
  get isFromIdle(): boolean {
    return this.#baseline <= IDLE_BYTES_PER_SECOND;
  }

  /** End of the last sample that showed the burst. */
  get endUnixMs(): number {
    return this.#last.endUnixMs;
  }

  /** From the start of its first sample to the end of its last. */
  lengthMs(): number {
    return this.#last.endUnixMs - this.#first.startUnixMs;
  }

  /** The next sample that shows the burst. */
  add(next: { sample: Sample; intervalMs: number }): void {
    if (this.#last !== this.#first) {
      const lengthMs = this.#last.endUnixMs - this.#last.startUnixMs;
      this.#betweenMs += lengthMs;
      this.#betweenBytes += ((this.#last.rate ?? 0) * lengthMs) / 1000;
    }
    this.#last = partOf(next);
    this.#see(this.#last);
    this.addNeed(next.sample);
  }

  /**
   * The queue may need most after the last sample that shows the arrivals. What earlier samples of
   * the burst dropped would still have been queued, so it adds to the need of later ones.
   */
  addNeed(sample: Sample): void {
    const need = needBytes(sample);
    if (need === undefined) return;
    this.#need = Math.max(this.#need ?? 0, this.#droppedBytes + need);
    this.#droppedBytes += sample.droppedBytes ?? 0;
  }

  /** The onset as the first sample tells it: the middle of the places it can have had. */
  onset(): Onset {
    const { startUnixMs, endUnixMs, peak, queue } = this.#first;
    const filledMs = peak === undefined ? 0 : this.#filledMs(this.#first, peak);
    const sinceMs = queue === undefined ? 0 : this.#sincePeakMs(queue);
    const latestUnixMs = Math.max(startUnixMs, endUnixMs - sinceMs - filledMs);
    // A queue that has not run empty since its mark tells when the burst ended, to the point.
    const isExact = queue !== undefined && peak !== undefined && isStillQueued(queue);
    return {
      timeUnixMs: isExact ? latestUnixMs : (startUnixMs + latestUnixMs) / 2,
      baselineBytesPerSecond: this.#baseline,
    };
  }

  /** The burst as all of its samples tell it. */
  burst(): Burst {
    const first = this.#first;
    const last = this.#last;
    const rate = this.#betweenMs > 0 ? (this.#betweenBytes * 1000) / this.#betweenMs : this.#peak;
    const firstMs = this.#filledMs(first, rate);
    const isOne = first === last;
    const lastMs = isOne ? 0 : this.#filledMs(last, rate);
    const timeUnixMs = isOne ? this.onset().timeUnixMs : first.endUnixMs - firstMs;
    const durationMs = isOne ? firstMs : last.startUnixMs + lastMs - timeUnixMs;
    const edges = this.#edgeBytes(first, firstMs) + (isOne ? 0 : this.#edgeBytes(last, lastMs));
    return {
      timeUnixMs,
      baselineBytesPerSecond: this.#baseline,
      durationS: durationMs / 1000,
      peakBytesPerSecond: this.#peak,
      volumeBytes: this.#betweenBytes + edges,
      needBytes: this.#need,
    };
  }

  #see({ rate, peak }: Part): void {
    this.#peak = Math.max(this.#peak, rate ?? 0, peak ?? 0);
  }

  /** Since its mark the queue fell at what the drain has over the baseline. */
  #sincePeakMs({ highWaterBytes, endBytes, drainBytesPerSecond }: QueueTrace): number {
    const fallBytesPerSecond = drainBytesPerSecond - this.#baseline;
    if (fallBytesPerSecond <= 0) return 0;
    return (1000 * Math.max(0, highWaterBytes - endBytes)) / fallBytesPerSecond;
  }

  /** How much of the sample a burst of the given rate filled, if the rest was baseline. */
  #filledMs({ startUnixMs, endUnixMs, rate }: Part, burstRate: number): number {
    const lengthMs = endUnixMs - startUnixMs;
    if (rate === undefined || burstRate <= this.#baseline) return lengthMs;
    const share = (rate - this.#baseline) / (burstRate - this.#baseline);
    return lengthMs * Math.min(1, Math.max(0, share));
  }

  /** Bytes of a sample that the burst filled in part, without the baseline of the other part. */
  #edgeBytes({ startUnixMs, endUnixMs, rate }: Part, filledMs: number): number {
    const lengthMs = endUnixMs - startUnixMs;
    return Math.max(0, ((rate ?? 0) * lengthMs - this.#baseline * (lengthMs - filledMs)) / 1000);
  }
}

function partOf({ sample, intervalMs }: { sample: Sample; intervalMs: number }): Part {
  return {
    startUnixMs: sample.timeUnixMs - intervalMs,
    endUnixMs: sample.timeUnixMs,
    rate: sample.throughputBytesPerSecond,
    peak: sample.throughputPeakBytesPerSecond,
    queue: queueTraceOf(sample),
  };
}

function queueTraceOf(sample: Sample): QueueTrace | undefined {
  const { queueHighWaterBytes: highWaterBytes, queueBytes: endBytes } = sample;
  const { drainBytesPerSecond } = sample;
  if (highWaterBytes === undefined || endBytes === undefined) return undefined;
  if (drainBytesPerSecond === undefined) return undefined;
  if (highWaterBytes < drainBytesPerSecond * QUEUE_TELLS_S) return undefined;
  return { highWaterBytes, endBytes, drainBytesPerSecond };
}

function isStillQueued({ highWaterBytes, endBytes }: QueueTrace): boolean {
  return endBytes > STILL_QUEUED_SHARE * highWaterBytes;
}
