import type { TimedSample } from './timed-sample.ts';

/**
 * A sample further from its predecessor than this, and than three of its own intervals, breaks the
 * thread: a gap or a clock step.
 */
const GAP_MS_MAX = 60_000;
const GAP_INTERVALS = 3;
/** This many samples in a row older than the newest are a clock that stepped back. */
const STALE_MAX = 20;

/**
 * What a sample is to those before it: the `next`; `stale` (late or a duplicate, to be ignored);
 * or a `restart`, after which times before it cannot be compared with those to come.
 */
export type SamplePlace = 'next' | 'stale' | 'restart';

/** Follows the times of one link's or path's samples: no consumer meets time running backwards. */
export class SampleThread {
  #newestUnixMs: number | undefined;
  #stale = 0;

  place(sample: Pick<TimedSample, 'timeUnixMs' | 'intervalMs'>): SamplePlace {
    const { timeUnixMs } = sample;
    if (!Number.isFinite(timeUnixMs)) return 'stale';
    const passedMs = timeUnixMs - (this.#newestUnixMs ?? timeUnixMs - 1);
    const isStale = passedMs <= 0;
    if (isStale && ++this.#stale < STALE_MAX) return 'stale';
    this.#stale = 0;
    this.#newestUnixMs = timeUnixMs;
    const gapMs = Math.max(GAP_MS_MAX, GAP_INTERVALS * (sample.intervalMs ?? 0));
    return isStale || passedMs > gapMs ? 'restart' : 'next';
  }
}
