import { controlPeriodMs } from '@levitate/queueing';

const periods = 1000 / controlPeriodMs;

/** Mean of the last second: arrivals of 100 ms are mostly chance. */
export class SecondMean {
  readonly #recent: number[] = [];

  /** One period. @returns the mean of the last ten, or of as many as there were */
  add(value: number): number {
    this.#recent.push(value);
    if (this.#recent.length > periods) this.#recent.shift();
    return this.#recent.reduce((sum, one) => sum + one, 0) / this.#recent.length;
  }
}
