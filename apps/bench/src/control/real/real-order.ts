import type { ResourceType } from '@levitate/control';
import type { RealPair } from './runs.ts';

/** What a process needs to know to play one real system. */
export interface RealOrder {
  resource: ResourceType;
  dataDirectory: string;
  seed: number;
  /** Kinds of trace, at least one. */
  kinds: readonly string[];
  /** Tuned static of each kind; heaps tune their own. */
  tunedSizes: ReadonlyMap<string, number>;
}

/** What such a process is told. */
export type ToReal =
  | { kind: 'open'; order: RealOrder }
  | { kind: 'play'; runs: readonly number[] }
  | { kind: 'abort' };

/** What it tells. */
export type FromReal =
  | { kind: 'progress'; line: string }
  | { kind: 'played'; results: PromiseSettledResult<RealPair>[] };
