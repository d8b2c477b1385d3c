import { SortedWindow } from '@levitate/series';

/** A burst found in a trace. */
export interface LabelledBurst {
  /** Time of the first row at or above the ratio, milliseconds. */
  timeMs: number;
  /** To the end of the last row that kept it going. */
  durationMs: number;
  /** Median rate outside bursts just before it (or its floor), in the unit of the trace. */
  baseline: number;
  peak: number;
}

/** How bursts are told in a trace; the defaults suit rows of 1 s. */
export interface LabelOptions {
  /** Length of a row, milliseconds; default 1,000. */
  stepMs?: number;
  /** Shortest burst, milliseconds; default 200, which one row of 1 s meets. */
  minimumMs?: number;
  /** A burst is over after so long below `endRatio`; default 5,000. */
  overAfterMs?: number;
  /** Rate over baseline that starts a burst; default 3. */
  onsetRatio?: number;
  /** Rate over baseline that keeps one going; default 2. */
  endRatio?: number;
  /** What the baseline is the median of, milliseconds outside bursts; default 30,000. */
  baselineMs?: number;
  /** The baseline is at least this share of the trace's mean so far; default 0.1. */
  floorShareOfMean?: number;
}

/**
 * Label the bursts of a whole trace (SPEC 3.1): the rate at least 3x the trailing baseline for at
 * least 200 ms, not already in a burst. No row looks ahead but for the confirmation, so that a
 * label could have been known `minimumMs` after the onset. Missing values end nothing and start
 * nothing. Nothing is labelled in the first `baselineMs`.
 * @param rows in order of time
 */
export function labelOnsets(
  rows: readonly { timeMs: number; value: number | undefined }[],
  options: LabelOptions = {},
): LabelledBurst[] {
  const { stepMs = 1000, minimumMs = 200, overAfterMs = 5000, baselineMs = 30_000 } = options;
  const { onsetRatio = 3, endRatio = 2, floorShareOfMean = 0.1 } = options;
  const quiet = new SortedWindow(Math.max(1, Math.round(baselineMs / stepMs)));
  const bursts: LabelledBurst[] = [];
  let open: LabelledBurst | undefined;
  let sum = 0;
  let count = 0;
  const close = () => {
    if (open !== undefined && open.durationMs >= minimumMs) bursts.push(open);
    open = undefined;
  };
  for (const { timeMs, value } of rows) {
    if (value === undefined) continue;
    sum += value;
    count++;
    if (open !== undefined) {
      const rowEndMs = timeMs + stepMs - open.timeMs;
      const isYoung = open.durationMs < minimumMs;
      const keepsGoing = value >= (isYoung ? onsetRatio : endRatio) * open.baseline;
      if (keepsGoing) {
        open.durationMs = rowEndMs;
        open.peak = Math.max(open.peak, value);
        continue;
      }
      if (!isYoung && rowEndMs - open.durationMs < overAfterMs) continue;
      close();
    }
    const baseline = Math.max(quiet.median() ?? 0, (floorShareOfMean * sum) / count);
    const isKnown = quiet.count >= quiet.capacity;
    if (isKnown && baseline > 0 && value >= onsetRatio * baseline) {
      open = { timeMs, durationMs: stepMs, baseline, peak: value };
    } else quiet.push(value);
  }
  close();
  return bursts;
}
