import { type CostTerms, type CostWeights, cost, costWeights } from '../cost.ts';
import {
  type ControlledResource,
  controlPeriodMs,
  type Reading,
  type ResourceTotals,
} from './controlled-resource.ts';

/** What decides after each period. `undefined`: everything stays as it is. */
export type Policy<Control, R extends Reading = Reading> = (reading: R) => Control | undefined;

/** Length of a trial. */
export interface TrialLength {
  uncountedSeconds: number;
  countedSeconds: number;
}

/** Trials of request series. */
export const requestTrialLength: Readonly<TrialLength> = Object.freeze({
  uncountedSeconds: 120,
  countedSeconds: 300,
});

/** Trials of the buffer. */
export const bufferTrialLength: Readonly<TrialLength> = Object.freeze({
  uncountedSeconds: 20,
  countedSeconds: 60,
});

/** One trial of one policy. */
export interface TrialRun<Control, Arrivals, R extends Reading> extends TrialLength {
  /** Fresh, with the policy's own control at the start. */
  resource: ControlledResource<Control, Arrivals, R>;
  arrivals: Arrivals;
  policy: Policy<Control, R>;
}

/**
 * Let a policy control a resource: it reads each period of 100 ms, and what it asks for is asked
 * of the resource before the next. Only the part after the uncounted seconds counts.
 */
export function runTrial<Control, Arrivals, R extends Reading>(
  run: TrialRun<Control, Arrivals, R>,
): ResourceTotals {
  const { resource, arrivals, policy } = run;
  const uncounted = Math.round((run.uncountedSeconds * 1000) / controlPeriodMs);
  const counted = Math.round((run.countedSeconds * 1000) / controlPeriodMs);
  for (let period = 0; period < uncounted + counted; period++) {
    if (period === uncounted) resource.startCounting();
    const control = policy(resource.advance(arrivals));
    if (control !== undefined) resource.request(control);
  }
  return resource.totals();
}

/** Latency budget of the bench, seconds. */
export const delayBudgetSeconds = 0.1;

/** Terms of the cost of a run. Nothing arrived: nothing was rejected. */
export function costTermsOf(totals: ResourceTotals): CostTerms {
  return {
    rejectedShare: totals.arrived === 0 ? 0 : totals.rejected / totals.arrived,
    p99OverBudget: (totals.delayP99Seconds ?? 0) / delayBudgetSeconds,
    reservedOverPeak: totals.reservedOverPeak,
    changesPerMinute: totals.changes / (totals.elapsedSeconds / 60),
  };
}

/** Cost of a run in each weighting. */
export type WeightedCosts = Record<keyof typeof costWeights, number>;

/** What a run cost, in the weighting of the bars and in the two others. */
export function trialCosts(totals: ResourceTotals): WeightedCosts {
  const terms = costTermsOf(totals);
  const of = (weights: CostWeights) => cost(terms, weights);
  return {
    standard: of(costWeights.standard),
    alt1: of(costWeights.alt1),
    alt2: of(costWeights.alt2),
  };
}
