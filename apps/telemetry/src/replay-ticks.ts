import type { Clock } from '@levitate/clock';
import type { ReplaySeries } from './replay-series.ts';
import { waitUntil } from './wait-until.ts';

/** How a series is played. */
export interface ReplayPace {
  /** Seconds of trace per second. */
  speed: number;
  /** Start over at its end. */
  repeat: boolean;
}

/** One interval whose time has come; the fields are those of any sample of it. */
export interface ReplayTick<Interval> {
  interval: Interval;
  sequence: number;
  timeUnixMs: number;
  /** Of the clock, not of the trace. */
  intervalMs: number;
}

/**
 * Gives the intervals of a series as their time comes, until it ends or the signal aborts. Holes
 * are left out, their sequence is not; what its reader or the process was too slow for is skipped.
 *
 * @param options.onSkipped told how many
 */
export async function* replayTicks<Interval>(options: {
  series: ReplaySeries<Interval>;
  pace: ReplayPace;
  clock: Clock;
  signal: AbortSignal;
  onSkipped: (intervals: number) => void;
}): AsyncGenerator<ReplayTick<Interval>, void, undefined> {
  const { series, pace, clock, signal, onSkipped } = options;
  const { intervals } = series;
  const intervalMs = series.intervalMs / pace.speed;
  const startMs = clock.monotonicMs();
  for (let index = 0; intervals.length > 0; index += 1) {
    const late = Math.floor((clock.monotonicMs() - startMs) / intervalMs) - 1 - index;
    if (late > 0) {
      onSkipped(late);
      index += late;
    }
    await waitUntil({ monotonicMs: startMs + (index + 1) * intervalMs, clock, signal });
    if (signal.aborted || (!pace.repeat && index >= intervals.length)) return;
    const interval = intervals[index % intervals.length];
    if (interval === undefined) continue;
    yield { interval, sequence: index + 1, timeUnixMs: clock.unixMs(), intervalMs };
  }
}
