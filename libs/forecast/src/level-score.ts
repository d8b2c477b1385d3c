import type { Quantiles } from './burst-forecast.ts';
import { usableLevel } from './level-forecaster.ts';

/** Score of one forecaster at one number of steps ahead. */
export interface StepScore {
  /** Forecasts compared so far. */
  count: number;
  /** Mean absolute error of q50, in the quantity's unit. */
  mae: number;
  /**
   * MAE over the mean absolute step of the series itself (Hyndman and Koehler, Int. J. Forecasting
   * 22, 2006): below 1 it beats one-step persistence. Undefined while the series never moved.
   */
  mase: number | undefined;
  /** Mean pinball loss of q50, q90 and q99, in the quantity's unit. */
  pinball: number;
}

/** Bounds of a score. */
export interface LevelScoreOptions {
  /** Steps ahead that are scored. Default 10. */
  stepsMax?: number;
  /** Steps after which an error counts half; Infinity never forgets. Default Infinity. */
  halfLifeSteps?: number;
}

/**
 * Prequential score of a level forecaster per steps ahead: every forecast is compared with the
 * value when it comes, before the forecaster learns it.
 */
export class LevelScore {
  readonly #stepsMax: number;
  readonly #remembered: number;
  readonly #sums: { count: number; weight: number; absolute: number; pinball: number }[];
  readonly #made: (readonly Quantiles[])[] = [];
  #now = 0;
  #last: number | undefined;
  #changes = 0;
  #changeWeight = 0;

  constructor(options: LevelScoreOptions = {}) {
    const { stepsMax = 10, halfLifeSteps = Number.POSITIVE_INFINITY } = options;
    this.#stepsMax = stepsMax;
    this.#remembered = 0.5 ** (1 / halfLifeSteps);
    const empty = () => ({ count: 0, weight: 0, absolute: 0, pinball: 0 });
    this.#sums = Array.from({ length: stepsMax }, empty);
  }

  /**
   * One step passes.
   * @param value what came; missing values score nothing
   * @param forecast what the forecaster says after it learnt that value
   */
  learn(step: { value: number | undefined; forecast: readonly Quantiles[] }): void {
    const value = usableLevel(step.value);
    if (value !== undefined) {
      this.#compare(value);
      if (this.#last !== undefined) {
        this.#changes = this.#changes * this.#remembered + Math.abs(value - this.#last);
        this.#changeWeight = this.#changeWeight * this.#remembered + 1;
      }
      this.#last = value;
    }
    this.#made[this.#now % this.#stepsMax] = step.forecast.slice(0, this.#stepsMax);
    this.#now += 1;
  }

  /** @param step ahead, 1 or more; undefined before the first comparison */
  at(step: number): StepScore | undefined {
    const sums = this.#sums[step - 1];
    if (sums === undefined || sums.count === 0) return undefined;
    const mae = sums.absolute / sums.weight;
    const change = this.#changeWeight === 0 ? 0 : this.#changes / this.#changeWeight;
    return {
      count: sums.count,
      mae,
      mase: change === 0 ? undefined : mae / change,
      pinball: sums.pinball / sums.weight,
    };
  }

  /** Mean pinball loss over all steps ahead; undefined before the furthest was compared. */
  get loss(): number | undefined {
    let sum = 0;
    for (let step = 1; step <= this.#stepsMax; step++) {
      const score = this.at(step);
      if (score === undefined) return undefined;
      sum += score.pinball;
    }
    return sum / this.#stepsMax;
  }

  /** Comparisons of the furthest step ahead. */
  get count(): number {
    return this.#sums.at(-1)?.count ?? 0;
  }

  #compare(value: number): void {
    for (let index = 0; index < this.#stepsMax; index++) {
      const made = this.#now - index - 1;
      const forecast = made < 0 ? undefined : this.#made[made % this.#stepsMax]?.[index];
      const sums = this.#sums[index];
      if (forecast === undefined || sums === undefined) continue;
      sums.count += 1;
      sums.weight = sums.weight * this.#remembered + 1;
      sums.absolute = sums.absolute * this.#remembered + Math.abs(value - forecast.q50);
      sums.pinball = sums.pinball * this.#remembered + meanPinball(value, forecast);
    }
  }
}

function meanPinball(value: number, { q50, q90, q99 }: Quantiles): number {
  const sum =
    pinballLoss({ value, quantile: q50, level: 0.5 }) +
    pinballLoss({ value, quantile: q90, level: 0.9 }) +
    pinballLoss({ value, quantile: q99, level: 0.99 });
  return sum / 3;
}

/** Loss that the true quantile minimises (Koenker and Bassett, Econometrica 46, 1978). */
export function pinballLoss(input: { value: number; quantile: number; level: number }): number {
  const excess = input.value - input.quantile;
  return excess >= 0 ? input.level * excess : (input.level - 1) * excess;
}

/** 1 - loss / loss of the baseline: 0 as good, 1 perfect, negative worse; 0/0 counts as 0. */
export function skill(input: { loss: number; baseline: number }): number {
  if (input.baseline === 0) return input.loss === 0 ? 0 : Number.NEGATIVE_INFINITY;
  return 1 - input.loss / input.baseline;
}
