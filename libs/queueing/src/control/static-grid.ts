import { strict as assert } from 'node:assert';
import type { WeightedCosts } from './run-trial.ts';

/** Sizes from least to most, none more than a tenth above the one before; whole ones if asked. */
export function sizeGrid(options: { min: number; max: number; isWhole?: boolean }): number[] {
  const { min, max, isWhole = false } = options;
  assert(min > 0 && max >= min, `a grid needs 0 < ${min} <= ${max}`);
  const sizes = [min];
  for (let size = min; size < max; ) {
    const next = isWhole ? Math.max(size + 1, Math.floor(1.1 * size)) : 1.1 * size;
    size = Math.min(max, next);
    sizes.push(size);
  }
  return sizes;
}

/** Costs of each static size in each trial, and of what they are the best. */
export interface StaticTuning {
  sizes: readonly number[];
  /** By size, then by trial. */
  costs: WeightedCosts[][];
}

/**
 * Run every size in every trial.
 * @param costsOf what a size that never changes costs in a trial, in every weighting
 */
export function runStatics<Trial>(options: {
  sizes: readonly number[];
  trials: readonly Trial[];
  costsOf: (size: number, trial: Trial) => WeightedCosts;
}): StaticTuning {
  const { sizes, trials, costsOf } = options;
  assert(sizes.length > 0 && trials.length > 0, 'a tuning needs sizes and trials');
  return { sizes, costs: sizes.map((size) => trials.map((trial) => costsOf(size, trial))) };
}

/**
 * The size with the least mean cost: tuned static when the trials are training ones, hindsight
 * static when they are those that are scored.
 */
export function bestStatic(
  { sizes, costs }: StaticTuning,
  weighting: keyof WeightedCosts,
): { size: number; meanCost: number } {
  const means = costs.map(
    (trials) => trials.reduce((sum, one) => sum + one[weighting], 0) / trials.length,
  );
  const meanCost = Math.min(...means);
  return { size: sizes[means.indexOf(meanCost)] as number, meanCost };
}

/** Least cost of each trial: what the static of each trial's own would cost. */
export function ownStaticCosts({ costs }: StaticTuning, weighting: keyof WeightedCosts): number[] {
  const [first = []] = costs;
  return first.map((_, trial) =>
    Math.min(...costs.map((trials) => (trials[trial] as WeightedCosts)[weighting])),
  );
}
