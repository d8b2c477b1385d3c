import type { LinkForecaster } from '@levitate/forecast';
import { byLimits, dynamicThresholds, pushOutLongest } from '@levitate/queueing';
import { PerfectQueueForecaster } from './shared-memory-perfect.ts';
import type { SharedPolicy } from './shared-memory-run.ts';
import { ControlledSplit, type QueueForecaster } from './shared-memory-split.ts';
import { burstNeeds, QUEUES, type SharedTrace } from './shared-memory-trace.ts';

/** The policies of track T3, by what their figures are called. */
export const POLICIES = [
  'static_split',
  'reactive_split',
  'predictive_split',
  'statistical_split',
  'perfect_split',
  'dynamic_thresholds',
  'dynamic_thresholds_tuned',
  'lqd',
] as const;
export type PolicyName = (typeof POLICIES)[number];

/** The paper's alpha, which `t3_gap_closed` is measured from. */
const ALPHA = 1;
/** Best of 1, 4 and 16 on seeds that the bench does not use. */
export const ALPHA_TUNED = 16;

/** Fresh policies for one trace. */
export function newPolicy(
  name: PolicyName,
  at: {
    trace: SharedTrace;
    memoryBytes: number;
    newForecaster: () => LinkForecaster;
    newStatistical: () => LinkForecaster;
  },
): SharedPolicy {
  const { trace, memoryBytes } = at;
  const split = (forecasters?: readonly QueueForecaster[]): SharedPolicy => ({
    admission: byLimits,
    split: new ControlledSplit({ memoryBytes, queues: QUEUES, forecasters }),
  });
  switch (name) {
    case 'static_split':
      return { admission: byLimits, limitBytes: trace.plans.map(() => memoryBytes / QUEUES) };
    case 'reactive_split':
      return split();
    case 'predictive_split':
      return split(trace.plans.map(at.newForecaster));
    case 'statistical_split':
      return split(trace.plans.map(at.newStatistical));
    case 'perfect_split':
      return split(perfectForecasters(trace));
    case 'dynamic_thresholds':
      return { admission: dynamicThresholds(ALPHA) };
    case 'dynamic_thresholds_tuned':
      return { admission: dynamicThresholds(ALPHA_TUNED) };
    case 'lqd':
      return { admission: pushOutLongest };
  }
}

function perfectForecasters(trace: SharedTrace): QueueForecaster[] {
  const needs = burstNeeds(trace);
  return trace.plans.map(
    ({ bursts }, queue) => new PerfectQueueForecaster({ bursts, needBytes: needs[queue] ?? [] }),
  );
}
