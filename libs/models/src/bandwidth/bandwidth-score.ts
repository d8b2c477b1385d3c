import { type ForecastOutcome, wape } from './wape.ts';

/** How good a forecaster of the mean of the next ten seconds is on one set. */
export interface BandwidthScore {
  windows: number;
  /** 1 - WAPE. */
  accuracy: number;
  /** Share of the windows with an error within 10 % (20 %) of what came. */
  within10: number;
  within20: number;
  /** Median of |error| over what came. */
  medianError: number;
}

/** An interval said, and what came. */
export interface IntervalOutcome {
  actual: number;
  low: number;
  high: number;
}

/** Score forecasts of the windows of a set, pooled. */
export function scoreBandwidth(outcomes: readonly ForecastOutcome[]): BandwidthScore {
  const errors = outcomes
    .map(({ actual, forecast }) => relativeError(actual, forecast))
    .sort((a, b) => a - b);
  const within = (most: number) =>
    errors.filter((error) => error <= most).length / Math.max(1, errors.length);
  return {
    windows: outcomes.length,
    accuracy: 1 - wape(outcomes),
    within10: within(0.1),
    within20: within(0.2),
    medianError: errors[errors.length >> 1] ?? 0,
  };
}

/** Share of the outcomes inside their intervals, bounds included; of none 1. */
export function coverage(outcomes: readonly IntervalOutcome[]): number {
  if (outcomes.length === 0) return 1;
  const inside = outcomes.filter(({ actual, low, high }) => actual >= low && actual <= high);
  return inside.length / outcomes.length;
}

function relativeError(actual: number, forecast: number): number {
  const error = Math.abs(actual - forecast);
  return error === 0 ? 0 : error / actual;
}
