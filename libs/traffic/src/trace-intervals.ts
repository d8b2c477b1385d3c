import { strict as assert } from 'node:assert';
import type { TraceRow } from './parse-trace.ts';

/** Most intervals of one trace: a day at 100 Hz. */
const INTERVALS_MAX = 8_640_000;

/** The rows of a trace by equal intervals of its own time. */
export interface TraceIntervals {
  /** Length of each, milliseconds. */
  intervalMs: number;
  /** From the first row to the last; empty where the trace has no row. */
  intervals: readonly (readonly TraceRow[])[];
}

/**
 * Cuts a trace into intervals, none shorter than its own resolution: nothing is invented between
 * two of its rows, and a hole in it stays one.
 * @param options.rows in order of time, as `parseTrace` gives them
 * @param options.intervalMs shortest interval, milliseconds of the trace
 * @param options.resolutionMs time from a row to the next; default the median of the first steps
 * @throws RangeError where that makes more than 8,640,000 intervals
 */
export function traceIntervals(options: {
  rows: readonly TraceRow[];
  intervalMs: number;
  resolutionMs?: number | undefined;
}): TraceIntervals {
  const { rows, resolutionMs = traceResolutionMs(rows) } = options;
  const intervalMs = Math.max(options.intervalMs, resolutionMs);
  const startMs = rows[0]?.timeMs ?? 0;
  if (rows.length === 0) return { intervalMs, intervals: [] };
  const length = intervalCount({ spanMs: spanMsOf(rows), intervalMs });
  const intervals: TraceRow[][] = Array.from({ length }, () => []);
  for (const row of rows) intervals[Math.floor((row.timeMs - startMs) / intervalMs)]?.push(row);
  return { intervalMs, intervals };
}

/**
 * Intervals from a beginning to what comes `spanMs` after it, both in one.
 * @throws RangeError beyond 8,640,000
 */
export function intervalCount(of: { spanMs: number; intervalMs: number }): number {
  const { spanMs, intervalMs } = of;
  assert(intervalMs > 0, `an interval of ${intervalMs} ms`);
  const count = Math.floor(spanMs / intervalMs) + 1;
  if (count <= INTERVALS_MAX) return count;
  const span = `${Math.round(spanMs / 1000)} s in steps of ${intervalMs} ms`;
  throw new RangeError(`${span} make ${count} intervals; ${INTERVALS_MAX} at most`);
}

function spanMsOf(rows: readonly TraceRow[]): number {
  return (rows.at(-1)?.timeMs ?? 0) - (rows[0]?.timeMs ?? 0);
}

/** Median time between two rows that are not of one time, milliseconds; of a single row 1,000. */
export function traceResolutionMs(rows: readonly TraceRow[]): number {
  const steps = rows
    .slice(1, 1001)
    .map((row, index) => row.timeMs - (rows[index]?.timeMs ?? 0))
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 1000;
}
