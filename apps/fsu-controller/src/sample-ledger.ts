import type { Sample } from '@levitate/series';

/** What a sample is to the one before it; for counting, the core judges for itself. */
export type SampleOutcome = 'fresh' | 'after-gap' | 'duplicate' | 'late' | 'clock-stepped-back';

/** A sample this much older than the newest was not late: the clock was set back. */
const stepMs = 5_000;
/** Intervals without a sample that are a gap. */
const gapIntervals = 1.5;

/** Counts what comes over one link against what should have come. */
export class SampleLedger {
  #newestUnixMs: number | undefined;

  judge(sample: Sample): SampleOutcome {
    const { timeUnixMs, intervalMs = 100 } = sample;
    const newestUnixMs = this.#newestUnixMs;
    if (newestUnixMs !== undefined && timeUnixMs <= newestUnixMs) {
      if (timeUnixMs === newestUnixMs) return 'duplicate';
      if (newestUnixMs - timeUnixMs < stepMs) return 'late';
      this.#newestUnixMs = timeUnixMs;
      return 'clock-stepped-back';
    }
    this.#newestUnixMs = timeUnixMs;
    const passedMs = newestUnixMs === undefined ? 0 : timeUnixMs - newestUnixMs;
    return passedMs > gapIntervals * intervalMs ? 'after-gap' : 'fresh';
  }
}
