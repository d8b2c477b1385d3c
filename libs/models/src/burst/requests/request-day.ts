import { SortedWindow } from '@levitate/series';
import { labelOnsets } from '@levitate/traffic';

/** How far ahead an onset is looked for, seconds. */
export const ONSET_HORIZON_S = 10;
/** Seconds of the window; none is scored before so many were seen. */
export const REQUEST_WINDOW_S = 60;
/** What a baseline is the median of, seconds. */
export const BASELINE_S = 30;
/** A burst is over after so long below 2x its baseline, seconds (conditions of the bench). */
const OVER_AFTER_S = 5;

/** One day of requests by the second, with its onsets. */
export interface RequestDay {
  name: string;
  /** Requests of each second, from midnight on. */
  values: Float64Array;
  /** Median of the last 30 s, the second itself included; at least 1. */
  baselines: Float64Array;
  /** log2 of requests over the baseline, one added to both. */
  ratios: Float64Array;
  /** Seconds at which bursts began. */
  onsets: readonly number[];
  /** 1 where a forecast is scored: not in a burst, the window known, the horizon within the day. */
  isScored: Uint8Array;
  /** 1 where a burst starts within the next 10 s. */
  isComing: Uint8Array;
}

/** What a forecast may know of a day: all that has come so far. */
export type SeenRequestDay = Pick<RequestDay, 'values' | 'baselines' | 'ratios' | 'onsets'>;

/** Put one more second into the arrays of a day. @param recent the last 30 s, kept between calls */
export function putSecond(
  day: Pick<RequestDay, 'values' | 'baselines' | 'ratios'>,
  { second, value, recent }: { second: number; value: number; recent: SortedWindow },
): void {
  recent.push(value);
  const baseline = Math.max(1, recent.median() ?? 1);
  day.values[second] = value;
  day.baselines[second] = baseline;
  day.ratios[second] = Math.log2((value + 1) / (baseline + 1));
}

/** Label a day of requests. @param values one a second, from midnight on */
export function requestDay(name: string, values: Float64Array): RequestDay {
  const count = values.length;
  const baselines = new Float64Array(count);
  const ratios = new Float64Array(count);
  const recent = new SortedWindow(BASELINE_S);
  for (let second = 0; second < count; second++) {
    putSecond({ values, baselines, ratios }, { second, value: values[second] as number, recent });
  }
  const rows = Array.from(values, (value, second) => ({ timeMs: second * 1000, value }));
  const bursts = labelOnsets(rows);
  const isScored = new Uint8Array(count).fill(1);
  const isComing = new Uint8Array(count);
  isScored.fill(0, 0, REQUEST_WINDOW_S);
  isScored.fill(0, Math.max(0, count - ONSET_HORIZON_S));
  const onsets = bursts.map(({ timeMs }) => timeMs / 1000);
  bursts.forEach(({ durationMs }, index) => {
    const onset = onsets[index] as number;
    isScored.fill(0, onset, onset + durationMs / 1000 + OVER_AFTER_S);
    isComing.fill(1, Math.max(0, onset - ONSET_HORIZON_S), onset);
  });
  return { name, values, baselines, ratios, onsets, isScored, isComing };
}

/** Scored seconds of a day, in order. */
export function* scoredSeconds(day: RequestDay): Generator<number> {
  for (let second = 0; second < day.values.length; second++) {
    if (day.isScored[second] === 1) yield second;
  }
}
