import type { Burst } from '@levitate/traffic';
import type { Quantiles } from './burst-forecast.ts';
import { studentQuantile, Z90, Z99 } from './student.ts';

/** Bursts remembered per link; older ones say little about a link that has changed since. */
const BURSTS_MAX = 16;
/** Spread assumed before any was seen (sd of the logarithm), and how many bursts it is worth. */
const PRIOR_LOG_SD = 0.1;
const PRIOR_WEIGHT = 3;

/** The sizes of the last bursts of one link, and what the next one will be if it is like them. */
export class BurstHistory {
  #bursts: Burst[] = [];

  get count(): number {
    return this.#bursts.length;
  }

  add(burst: Burst): void {
    this.#bursts.push(burst);
    if (this.#bursts.length > BURSTS_MAX) this.#bursts.shift();
  }

  /**
   * Predictive quantiles of one property of the next burst: log-normal with unknown spread, so
   * Student's t on the logarithm (Gelman et al., Bayesian Data Analysis, 3.2). Few bursts give
   * wide quantiles. `undefined` when no burst had a positive value of it.
   */
  quantiles(pick: (burst: Burst) => number | undefined): Quantiles | undefined {
    const logs: number[] = [];
    for (const burst of this.#bursts) {
      const value = pick(burst);
      if (value !== undefined && value > 0 && Number.isFinite(value)) logs.push(Math.log(value));
    }
    if (logs.length === 0) return undefined;
    const n = logs.length;
    const mean = logs.reduce((sum, x) => sum + x, 0) / n;
    const squares = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const degrees = PRIOR_WEIGHT + n - 1;
    const sd = Math.sqrt((PRIOR_WEIGHT * PRIOR_LOG_SD ** 2 + squares) / degrees);
    const spread = sd * Math.sqrt(1 + 1 / n);
    return {
      q50: Math.exp(mean),
      q90: Math.exp(mean + spread * studentQuantile(Z90, degrees)),
      q99: Math.exp(mean + spread * studentQuantile(Z99, degrees)),
    };
  }
}
