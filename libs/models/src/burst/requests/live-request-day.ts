import { SortedWindow } from '@levitate/series';
import { BASELINE_S, putSecond, type SeenRequestDay } from './request-day.ts';

const DAY_S = 86_400;
const DAY_MS = 1000 * DAY_S;

/** A hole of so many seconds is not bridged. */
const HOLE_S = 60;

/** A day of requests as far as it has come, in the form that a whole one has; 2 MB. */
export class LiveRequestDay implements SeenRequestDay {
  readonly values = new Float64Array(DAY_S);
  readonly baselines = new Float64Array(DAY_S);
  readonly ratios = new Float64Array(DAY_S);
  onsets: readonly number[] = [];
  /** Second of the day that was learned last. */
  newest = -1;
  /** Seconds learned without a hole. */
  seconds = 0;
  #day = Number.NaN;
  #recent = new SortedWindow(BASELINE_S);

  /**
   * Learn the requests of the second that ended at a time. A second that was missed takes the value
   * after it, a hole of a minute or another day begins anew; what came before is ignored.
   */
  learn(requests: number, endUnixMs: number): void {
    // By its middle, so that a clock that is a little off hits the same second.
    const middleMs = endUnixMs - 500;
    const second = Math.floor((middleMs % DAY_MS) / 1000);
    const day = Math.floor(middleMs / DAY_MS);
    const missed = second - this.newest - 1;
    if (day !== this.#day || missed >= HOLE_S) this.#begin(day);
    else if (missed < 0) return;
    const from = this.seconds === 0 ? second : this.newest + 1;
    for (let at = from; at <= second; at++) {
      putSecond(this, { second: at, value: requests, recent: this.#recent });
      this.seconds += 1;
    }
    this.newest = second;
  }

  /** Learn that a burst began. */
  learnOnset(timeUnixMs: number): void {
    this.onsets = [...this.onsets, Math.floor((timeUnixMs % DAY_MS) / 1000)];
  }

  #begin(day: number): void {
    this.#day = day;
    this.#recent = new SortedWindow(BASELINE_S);
    this.seconds = 0;
    this.newest = -1;
    this.onsets = [];
    for (const values of [this.values, this.baselines, this.ratios]) values.fill(0);
  }
}
