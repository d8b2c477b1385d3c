import {
  type HoltWintersStart,
  HoltWintersState,
  type HoltWintersWeights,
  seasonStart,
} from './holt-winters-state.ts';
import type { LevelForecaster, PointModel } from './level-forecaster.ts';
import { PeriodWatch, type PeriodWatchOptions } from './period-watch.ts';
import { type LevelOptions, PrequentialForecaster } from './prequential-forecaster.ts';

/** Options of `holtWinters`. */
export interface HoltWintersOptions extends LevelOptions, PeriodWatchOptions {
  /** Weights tried without a season. */
  plain?: readonly HoltWintersWeights[];
  /** Weights tried with the season, once a period is found. */
  seasonal?: readonly HoltWintersWeights[];
}

/**
 * Holt-Winters with weights chosen while it runs: a small set of them smooths side by side, the one
 * with the least error of late (one step and five steps ahead, half forgotten after 60 steps)
 * serves. A season joins when the series shows a period and leaves with it. Fitting weights by
 * likelihood would need the whole series again and again; a dozen fixed ones lose little.
 */
export function holtWinters(options: HoltWintersOptions = {}): LevelForecaster {
  const model = new HoltWintersBank(options);
  return new PrequentialForecaster({ ...options, name: 'holt-winters', model });
}

class HoltWintersBank implements PointModel {
  readonly #plain: readonly HoltWintersWeights[];
  readonly #seasonal: readonly HoltWintersWeights[];
  readonly #watch: PeriodWatch;
  #candidates: Candidate[] = [];
  #period: number | undefined;

  constructor(options: HoltWintersOptions) {
    this.#plain = options.plain ?? PLAIN;
    this.#seasonal = options.seasonal ?? SEASONAL;
    this.#watch = new PeriodWatch(options);
  }

  learn(value: number | undefined): void {
    for (const candidate of this.#candidates) candidate.learn(value);
    if (this.#candidates.length === 0 && value !== undefined) {
      const start = { level: value, trend: 0 };
      this.#candidates = this.#plain.map((weights) => new Candidate({ weights, start }));
    }
    this.#watch.learn(value);
    if (this.#watch.period !== this.#period) this.#adopt(this.#watch.period);
  }

  predict(steps: number): number[] {
    let best: Candidate | undefined;
    for (const candidate of this.#candidates) {
      if (best === undefined || candidate.loss < best.loss) best = candidate;
    }
    if (best === undefined) return [];
    const { state } = best;
    return Array.from({ length: steps }, (_, index) => state.predict(index + 1));
  }

  /** Seasonal candidates live through the history first, so that they arrive scored. */
  #adopt(period: number | undefined): void {
    this.#period = period;
    const plain = this.#candidates.filter((candidate) => !candidate.isSeasonal);
    this.#candidates = plain;
    if (period === undefined) return;
    const { history } = this.#watch;
    const start = seasonStart(history, period);
    if (start === undefined) return;
    for (const weights of this.#seasonal) {
      const candidate = new Candidate({ weights, start });
      for (const value of history) candidate.learn(value);
      this.#candidates.push(candidate);
    }
  }
}

/** One set of weights with its running error. */
class Candidate {
  readonly state: HoltWintersState;
  readonly isSeasonal: boolean;
  /** Five-step forecasts, the oldest of them is due next. */
  readonly #far: number[] = [];
  #errors = 0;
  #count = 0;

  constructor({ weights, start }: { weights: HoltWintersWeights; start: HoltWintersStart }) {
    this.state = new HoltWintersState({ weights, start });
    this.isSeasonal = start.season !== undefined;
  }

  /** Mean absolute error of late; infinite before the first. */
  get loss(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#errors / this.#count;
  }

  learn(value: number | undefined): void {
    const far = this.#far.length === FAR_STEPS ? this.#far.shift() : undefined;
    if (value !== undefined) {
      const near = Math.abs(value - this.state.predict(1));
      const error = far === undefined ? near : (near + Math.abs(value - far)) / 2;
      this.#errors = this.#errors * REMEMBERED + error;
      this.#count = this.#count * REMEMBERED + 1;
    }
    this.state.learn(value);
    this.#far.push(this.state.predict(FAR_STEPS));
  }
}

/** With a trend, damped, and (beta 0) without one, from sluggish to nearly persistence. */
const PLAIN: readonly HoltWintersWeights[] = [
  { alpha: 0.1, beta: 0 },
  { alpha: 0.3, beta: 0 },
  { alpha: 0.6, beta: 0 },
  { alpha: 0.95, beta: 0 },
  { alpha: 0.3, beta: 0.05, phi: 0.95 },
  { alpha: 0.6, beta: 0.2, phi: 0.9 },
  { alpha: 0.9, beta: 0.3, phi: 0.9 },
  { alpha: 0.4, beta: 0.1 },
];
const SEASONAL: readonly HoltWintersWeights[] = [
  { alpha: 0.05, beta: 0, gamma: 0.1, phi: 0.95 },
  { alpha: 0.05, beta: 0.01, gamma: 0.3, phi: 0.95 },
  { alpha: 0.3, beta: 0.01, gamma: 0.1, phi: 0.95 },
  { alpha: 0.3, beta: 0.05, gamma: 0.3, phi: 0.95 },
];
/** The second step that is scored. */
const FAR_STEPS = 5;
/** Share of an error that counts one step later: half after 60 steps. */
const REMEMBERED = 0.5 ** (1 / 60);
