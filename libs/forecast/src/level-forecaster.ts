import type { Quantiles } from './burst-forecast.ts';

/**
 * A forecaster of one quantity on a regular grid (one value per second in this project; the caller
 * aggregates). State in, forecast out, no clock of its own. Memory is bounded, every number it
 * returns is finite.
 */
export interface LevelForecaster {
  readonly name: string;
  /**
   * Learn the value of the next step. `undefined`, a number that is not finite and one beyond
   * `LEVEL_MAX` are missing: time passes, nothing is learnt.
   */
  learn(value: number | undefined): void;
  /**
   * Quantiles for each of the next steps, the first one a step after the newest value. Empty until
   * a first value was learnt.
   * @param steps 1 to the `stepsMax` the forecaster was made with
   */
  forecast(steps: number): Quantiles[];
}

/** The point forecasts under a `LevelForecaster`: how it sees the series, without the spread. */
export interface PointModel {
  /** Learn the next step; undefined is missing. Numbers are finite and within `LEVEL_MAX`. */
  learn(value: number | undefined): void;
  /** One point for each of the next steps; empty until a first value was learnt. */
  predict(steps: number): number[];
}

/** Largest magnitude taken for a measurement; beyond it squares and sums would overflow. */
export const LEVEL_MAX = 1e15;

/** The value if it can be learnt, else undefined. */
export function usableLevel(value: number | undefined): number | undefined {
  return value !== undefined && Math.abs(value) <= LEVEL_MAX ? value : undefined;
}
