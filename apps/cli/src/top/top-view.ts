import type { Losses } from '../live/losses.ts';
import type { SourceState } from '../live/source-state.ts';
import type { LinkRow, SortKey } from './link-row.ts';

/** Everything one refresh of `levitate top` shows. */
export interface TopView {
  readonly timeUnixMs: number;
  /** Sorted. */
  readonly links: readonly LinkRow[];
  /** One of each service. */
  readonly sources: readonly SourceState[];
  /** Since the start, per place. */
  readonly losses: ReturnType<Losses['list']>;
  readonly sort: SortKey;
  /** The patterns of `--link`. */
  readonly filters: readonly string[];
}
