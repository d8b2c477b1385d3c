import { needBytes, type Sample } from '@levitate/series';
import type { Burst, Onset } from './burst.ts';

/** A sample of the burst, and its length. */
interface Part {
  startUnixMs: number;
  endUnixMs: number;
  rate: number | undefined;
  peak: number | undefined;
}

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

  constructor(start: { baselineBytesPerSecond: number; sample: Sample; intervalMs: number }) {
    this.#baseline = start.baselineBytesPerSecond;
    this.#first = partOf(start);
    this.#last = this.#first;
    this.#see(this.#first);
    this.addNeed(start.sample);
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

  /** The queue may need most after the last sample that shows the arrivals. */
  addNeed(sample: Sample): void {
    const need = needBytes(sample);
    if (need !== undefined) this.#need = Math.max(this.#need ?? 0, need);
  }

  /** The onset as the first sample tells it: the middle of the places it can have had. */
  onset(): Onset {
    const { startUnixMs, endUnixMs, peak } = this.#first;
    const filledMs = peak === undefined ? 0 : this.#filledMs(this.#first, peak);
    return {
      timeUnixMs: (startUnixMs + endUnixMs - filledMs) / 2,
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
  };
}
