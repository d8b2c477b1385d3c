import { SortedWindow } from '@levitate/series';

/** Where a series is, where it goes, and how far that is known. */
export interface LevelEstimate {
  level: number;
  /** Per second. */
  trend: number;
  /** Standard deviation of the next measurement around the forecast of it. */
  sd: number;
}

/** Settings of {@link KalmanLevel}. */
export interface KalmanLevelOptions {
  /**
   * Tracking index: process noise over measurement noise in one tick; default 0.3. The larger, the
   * faster a ramp is followed and the more noise passes.
   */
  trackingIndex?: number;
  /** Innovations beyond this many standard deviations are a jump; default 4. */
  jumpSd?: number;
}

/** Differences of neighbours that the noise is told from. */
const noiseSamples = 60;
/** The least standard deviation, as a share of the level: rounding is no signal. */
const sdShareMin = 1e-6;

/**
 * Kalman filter of a local linear trend (Harvey, Forecasting, Structural Time Series Models and the
 * Kalman Filter, 1989, 2.3), its measurement noise taken from the series itself. A value far
 * outside what the filter expects is a jump of the level, taken at once: a filter slow enough to
 * be quiet would need seconds for a step.
 */
export class KalmanLevel {
  readonly #trackingIndex: number;
  readonly #jumpSd: number;
  readonly #differences = new SortedWindow(noiseSamples);
  #level: number | undefined;
  #trend = 0;
  /** Covariance of level and trend, in units of the measurement noise. */
  #p: [number, number, number] = [1, 0, 1];
  #noise = 0;
  #last = 0;

  constructor(options: KalmanLevelOptions = {}) {
    this.#trackingIndex = options.trackingIndex ?? 0.3;
    this.#jumpSd = options.jumpSd ?? 4;
  }

  /** @param value finite; @param elapsedS since the last value, positive */
  learn(value: number, elapsedS: number): LevelEstimate {
    if (this.#level === undefined) {
      this.#level = value;
      this.#last = value;
      return this.#estimate(1);
    }
    const noise = this.#learnNoise(value);
    const q = (this.#trackingIndex / elapsedS ** 2) ** 2;
    const predicted = this.#level + this.#trend * elapsedS;
    const [pll, plt, ptt] = this.#p;
    // Random acceleration over the tick (Bar-Shalom, Li and Kirubarajan, 2001, 6.3.2).
    const ll = pll + 2 * elapsedS * plt + elapsedS ** 2 * ptt + (q * elapsedS ** 4) / 4;
    const lt = plt + elapsedS * ptt + (q * elapsedS ** 3) / 2;
    const tt = ptt + q * elapsedS ** 2;
    const spread = ll + 1;
    const innovation = value - predicted;
    if (Math.abs(innovation) > this.#jumpSd * noise * Math.sqrt(spread)) {
      this.#level = value;
      this.#trend = 0;
      this.#p = [1, 0, 1 / elapsedS ** 2];
      return this.#estimate(2);
    }
    const gain = [ll / spread, lt / spread] as const;
    this.#level = predicted + gain[0] * innovation;
    this.#trend += gain[1] * innovation;
    this.#p = [ll * (1 - gain[0]), lt * (1 - gain[0]), tt - gain[1] * lt];
    return this.#estimate(spread);
  }

  #estimate(spread: number): LevelEstimate {
    const level = this.#level ?? 0;
    return { level, trend: this.#trend, sd: this.#noise * Math.sqrt(spread) };
  }

  /** Standard deviation of one measurement, from the median difference of neighbours. */
  #learnNoise(value: number): number {
    this.#differences.push(Math.abs(value - this.#last));
    this.#last = value;
    const middle = this.#differences.median() ?? 0;
    this.#noise = Math.max((1.4826 * middle) / Math.SQRT2, Math.abs(value) * sdShareMin);
    return this.#noise;
  }
}
