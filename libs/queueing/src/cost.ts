/** What a run cost, in the terms of the bench definitions. */
export interface CostTerms {
  /** Rejected or dropped / all that arrived, 0..1. */
  rejectedShare: number;
  /** 99th percentile of the delay / latency budget; at most 1 costs nothing. */
  p99OverBudget: number;
  /** Mean reserved capacity / peak demand. */
  reservedOverPeak: number;
  changesPerMinute: number;
}

/** Price of each term. */
export interface CostWeights {
  rejected: number;
  delay: number;
  reserved: number;
  changes: number;
}

/** The weighting of the bars, and the two others that must not flip a sign. */
export const costWeights = {
  standard: { rejected: 100, delay: 10, reserved: 1, changes: 0.01 },
  alt1: { rejected: 300, delay: 10, reserved: 1, changes: 0.01 },
  alt2: { rejected: 100, delay: 10, reserved: 3, changes: 0.01 },
} as const satisfies Record<string, CostWeights>;

/**
 * Cost = 100 x rejected share + 10 x max(0, p99 / budget - 1) + reserved / peak demand + 0.01 x
 * changes a minute, in the standard weighting.
 */
export function cost(terms: CostTerms, weights: CostWeights = costWeights.standard): number {
  return (
    weights.rejected * terms.rejectedShare +
    weights.delay * Math.max(0, terms.p99OverBudget - 1) +
    weights.reserved * terms.reservedOverPeak +
    weights.changes * terms.changesPerMinute
  );
}
