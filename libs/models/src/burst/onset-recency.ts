import { median } from '@levitate/series';

/** Intervals remembered (SPEC 3.1: state over at least the last five). */
const INTERVALS_MAX = 5;
const UNIT_S = 30;
const HORIZON_S = 10;

/** Numbers that `OnsetRecency` gives. */
export const RECENCY_FEATURES = 6;

/** When the last bursts began, as numbers for a network: what lies beyond its window. */
export class OnsetRecency {
  #lastUnixMs: number | undefined;
  readonly #intervalsS: number[] = [];
  #onsets = 0;

  /** An onset, in order of time. */
  learn(timeUnixMs: number): void {
    if (this.#lastUnixMs !== undefined) {
      this.#intervalsS.push(Math.max(0, timeUnixMs - this.#lastUnixMs) / 1000);
      if (this.#intervalsS.length > INTERVALS_MAX) this.#intervalsS.shift();
    }
    this.#lastUnixMs = timeUnixMs;
    this.#onsets += 1;
  }

  /**
   * Time since the last onset, onsets known, median of the intervals, their spread, the last one,
   * and the time until the next if the median held; 0 where nothing is known.
   */
  features(nowUnixMs: number): Float32Array {
    const values = new Float32Array(RECENCY_FEATURES);
    if (this.#lastUnixMs === undefined) {
      values[0] = 2;
      return values;
    }
    const sinceS = Math.max(0, nowUnixMs - this.#lastUnixMs) / 1000;
    values[0] = Math.min(2, sinceS / UNIT_S);
    values[1] = Math.min(1, this.#onsets / 6);
    const middle = median(this.#intervalsS);
    if (middle === undefined || middle <= 0) return values;
    const deviations = this.#intervalsS.map((interval) => Math.abs(interval - middle));
    values[2] = Math.min(4, middle / UNIT_S);
    values[3] = Math.min(1, (median(deviations) ?? 0) / middle);
    values[4] = Math.min(4, (this.#intervalsS.at(-1) ?? 0) / UNIT_S);
    values[5] = Math.max(-2, Math.min(3, (middle - sinceS) / HORIZON_S));
    return values;
  }
}
