import type { PathSeries } from './bandwidth-trace.ts';

/** Seconds looked back on. */
export const SEQUENCE = 100;
/** Seconds looked ahead. */
export const HORIZON = 10;
/** Seconds before the first window of a trace too short for a whole sequence. */
export const SHORT_SEQUENCE = 30;
/** Of the seconds ahead so many must have been measured, else nobody knows what came. */
const MEASURED_MIN = HORIZON / 2;

/** One second of a trace from which a forecast is scored. */
export interface BandwidthWindow {
  /** Index of the newest second that a forecast may know. */
  origin: number;
  /** Mean of the seconds measured among the next ten, bytes/s. */
  actual: number;
}

/**
 * The windows of a trace that count, stride one second: from sample 100 on (traces that have no
 * whole window then from sample 30), the newest second measured, at least five of the next ten too.
 */
export function eachWindow({ bandwidthBytesPerSecond: values }: PathSeries): BandwidthWindow[] {
  const windows: BandwidthWindow[] = [];
  const isShort = values.length < SEQUENCE + HORIZON;
  const first = (isShort ? SHORT_SEQUENCE : SEQUENCE) - 1;
  for (let origin = first; origin + HORIZON < values.length; origin++) {
    if (Number.isNaN(values[origin])) continue;
    const actual = meanAhead(values, origin);
    if (actual !== undefined) windows.push({ origin, actual });
  }
  return windows;
}

/** Mean of the seconds measured among the next ten; `undefined` where fewer than five were. */
export function meanAhead(values: Float64Array, origin: number): number | undefined {
  let sum = 0;
  let count = 0;
  for (let at = origin + 1; at <= origin + HORIZON; at++) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count >= MEASURED_MIN ? sum / count : undefined;
}
