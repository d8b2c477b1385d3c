import type { Sample } from '@levitate/series';
import type { Quantiles } from './burst-forecast.ts';
import { LevelChoice } from './level-choice.ts';
import { usableLevel } from './level-forecaster.ts';

/** Seconds of levels remembered for the rare high ones. */
const SECONDS = 120;

/**
 * The traffic of one link outside bursts: the highest 100 ms rate of each second, forecast by the
 * level forecaster that has the best running score on this link.
 */
export class LinkLevel {
  readonly #choice = new LevelChoice();
  readonly #peaks: number[] = [];
  #second = Number.NaN;
  #peak = Number.NaN;

  /** Name of the level forecaster that serves. */
  get serving(): string {
    return this.#choice.serving;
  }

  learn(sample: Sample, inBurst: boolean): void {
    const second = Math.floor(sample.timeUnixMs / 1000);
    if (second !== this.#second) this.#close(second);
    const rate = usableLevel(sample.throughputBytesPerSecond);
    if (inBurst || rate === undefined) return;
    this.#peak = Number.isNaN(this.#peak) ? rate : Math.max(this.#peak, rate);
  }

  /**
   * One entry per second ahead, bytes/s; empty before the first second is over. The 99 % quantile
   * is at least that of the last two minutes: a step that comes once a minute is too rare for the
   * residuals a forecaster learns from, and missing it costs more than holding room for it.
   */
  forecast(seconds: number): Quantiles[] {
    if (this.#peaks.length === 0) return [];
    const sorted = this.#peaks.toSorted((a, b) => a - b);
    const rare = sorted[Math.floor(0.99 * (sorted.length - 1))] as number;
    return this.#choice
      .forecast(seconds)
      .map(({ q50, q90, q99 }) => ({ q50, q90, q99: Math.max(q99, rare) }));
  }

  #close(second: number): void {
    const isNext = second === this.#second + 1;
    if (!Number.isNaN(this.#second)) {
      this.#choice.learn(Number.isNaN(this.#peak) ? undefined : this.#peak);
    }
    if (!isNext) this.#choice.learn(undefined);
    if (!Number.isNaN(this.#peak)) this.#peaks.push(this.#peak);
    if (this.#peaks.length > SECONDS) this.#peaks.shift();
    this.#second = second;
    this.#peak = Number.NaN;
  }
}
