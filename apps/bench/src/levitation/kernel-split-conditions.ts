import { type SharedConditions, type SharedTrace, sharedTrace } from './shared-memory-trace.ts';

/** Policies of track T3 that run on real queues, each on a set of its own: what limits can do. */
export const SPLITS = ['static_split', 'reactive_split', 'predictive_split'] as const;
export type SplitName = (typeof SPLITS)[number];

/**
 * What one sender on two processors gives to three sets of eight queues: T3 with a quarter to half
 * of its drains, bursts spread as in T1, and intervals of the short end, so that all queues
 * together count about forty bursts in little more than two minutes.
 */
const CONDITIONS: SharedConditions = {
  drainBytesPerSecond: [12.5e6, 12.5e6],
  spreadMs: [55, 80],
  intervalS: [12, 17],
};
const DURATION_MS = 135_000;

/** The packets of eight real queues, drawn from a seed. */
export function kernelSplitTrace({ seed }: { seed: number }): SharedTrace {
  const durationMs = DURATION_MS;
  return sharedTrace({ seed: `${seed}-t3-real`, durationMs, conditions: CONDITIONS });
}

/** Name of a queue in the lab, and of its link. */
export function queueName(queue: { split: SplitName; index: number }): string {
  return `${queue.split.replace('_', '-')}-${queue.index}`;
}
