import type { Sample } from '@levitate/series';
import type { Quantiles } from './burst-forecast.ts';

/** Seconds of levels remembered. */
const SECONDS = 120;

/**
 * The traffic of one link outside bursts, as the highest 100 ms rate of each second.
 */
export class LinkLevel {
  readonly #peaks: number[] = [];
  #second = Number.NaN;
  #peak = Number.NaN;

  learn(sample: Sample, inBurst: boolean): void {
    const second = Math.floor(sample.timeUnixMs / 1000);
    if (second !== this.#second) {
      if (!Number.isNaN(this.#peak)) this.#peaks.push(this.#peak);
      if (this.#peaks.length > SECONDS) this.#peaks.shift();
      this.#second = second;
      this.#peak = Number.NaN;
    }
    const rate = sample.throughputBytesPerSecond;
    if (inBurst || rate === undefined) return;
    this.#peak = Number.isNaN(this.#peak) ? rate : Math.max(this.#peak, rate);
  }

  /** One entry per second ahead; empty before the first second is over. */
  forecast(seconds: number): Quantiles[] {
    if (this.#peaks.length === 0) return [];
    const sorted = this.#peaks.toSorted((a, b) => a - b);
    const at = (q: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    const now = this.#peaks.at(-1) ?? 0;
    const quantiles = { q50: now, q90: Math.max(now, at(0.9)), q99: Math.max(now, at(0.99)) };
    return Array.from({ length: seconds }, () => quantiles);
  }
}
