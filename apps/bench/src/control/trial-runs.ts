import type { ResourceType } from '@levitate/control';
import type { CostTerms, WeightedCosts } from '@levitate/queueing';

/** The other condition of a trial that is stated only. */
export type TrialVariant =
  | 'load-0.2'
  | 'load-0.4'
  | 'open-5s'
  | 'slow-database'
  | 'uncommit-300s'
  | 'azure';

/** One workload of one resource: the same for every policy, in every process. */
export interface TrialRef {
  resource: ResourceType;
  variant?: TrialVariant | undefined;
  /** Kind of trace. */
  kind: string;
  part: 'training' | 'test';
  /** From 0. */
  index: number;
  /** What committed memory is measured by, bytes; fixed from training. */
  peakNeedBytes?: number | undefined;
}

/** Laws that are rivals, and what of each is tuned. */
export type RivalLaw = 'double-decay' | 'pid' | 'aimd' | 'gradient2';

/** A policy as data, so that it can be sent to another thread. */
export type PolicySpec =
  | { kind: 'static'; size: number; balance?: 'roundrobin' }
  /** What is shipped. */
  | { kind: 'ours'; start: number }
  | { kind: 'law'; law: RivalLaw; options: Readonly<Record<string, number>>; start: number }
  | { kind: 'oracle'; share: number; start: number };

/** Policies to be run in one trial. */
export interface TrialRequest {
  trial: TrialRef;
  policies: readonly PolicySpec[];
}

/** What one policy cost in one trial. */
export interface RunOutcome {
  costs: WeightedCosts;
  terms: CostTerms;
}

/** What a trial came to, an outcome for each policy. */
export interface TrialReply {
  /** Stretch of the source, of which a bootstrap draws. */
  block: string;
  outcomes: RunOutcome[];
}
