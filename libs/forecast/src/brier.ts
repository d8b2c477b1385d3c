/** One probability that was stated and what became of it. */
export interface StatedProbability {
  /** 0..1. */
  probability: number;
  cameTrue: boolean;
}

/**
 * Mean squared distance of probability and outcome (Brier, Monthly Weather Review 78, 1950): 0 is
 * perfect, 0.25 a coin. Undefined without forecasts.
 */
export function brierScore(stated: readonly StatedProbability[]): number | undefined {
  if (stated.length === 0) return undefined;
  let sum = 0;
  for (const { probability, cameTrue } of stated) sum += (probability - (cameTrue ? 1 : 0)) ** 2;
  return sum / stated.length;
}

/**
 * 1 - Brier score / that of always stating the base rate: 1 perfect, 0 no better than the base
 * rate. Undefined without forecasts or when every outcome was the same.
 */
export function brierSkill(stated: readonly StatedProbability[]): number | undefined {
  const score = brierScore(stated);
  if (score === undefined) return undefined;
  const rate = stated.filter(({ cameTrue }) => cameTrue).length / stated.length;
  const reference = rate * (1 - rate);
  return reference === 0 ? undefined : 1 - score / reference;
}
