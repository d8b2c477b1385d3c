import { type ClockProfile, profileFeatures } from './clock-profile.ts';
import { ONSET_HORIZON_S, REQUEST_WINDOW_S, type SeenRequestDay } from './request-day.ts';

const DAY_S = 86_400;
const RECENT_MAX_S = 3600;
/** How long ago the same phase of the day's own cycle was, seconds. */
const EARLIER_S = [1800, 3600, 7200] as const;
/** Means of the ratio over the last seconds. */
const MEANS_S = [5, 15] as const;
const QUARTER_HOUR_S = 900;

/**
 * The last minute as any method may see it: log ratios newest first, time since the last onset, the
 * level, and the time of day. What the logistic baseline is fitted on.
 */
export function windowFeatures(day: SeenRequestDay, second: number): number[] {
  const numbers: number[] = [];
  for (let back = 0; back < REQUEST_WINDOW_S; back++) {
    numbers.push(day.ratios[second - back] as number);
  }
  const angle = (2 * Math.PI * second) / DAY_S;
  const since = Math.min(RECENT_MAX_S, second - lastOnset(day, second));
  numbers.push(since / RECENT_MAX_S, Math.log((day.baselines[second] as number) + 1));
  numbers.push(Math.sin(angle), Math.cos(angle));
  return numbers;
}

/** Names and units of `requestFeatures`, in their order. */
export const requestFeatureNames: readonly { name: string; unit: string }[] = [
  ...Array.from({ length: REQUEST_WINDOW_S }, (_, back) => ({
    name: `ratio_${back}`,
    unit: 'log2 of ratio to baseline',
  })),
  { name: 'since_onset', unit: 'hours, at most 1' },
  { name: 'baseline', unit: 'ln of requests/s + 1' },
  { name: 'day_sine', unit: 'time of day, UTC' },
  { name: 'day_cosine', unit: 'time of day, UTC' },
  ...profileFeatures,
  ...EARLIER_S.map((earlier) => ({
    name: `highest_${earlier}s_ago`,
    unit: 'log2 of ratio to baseline',
  })),
  ...MEANS_S.map((span) => ({ name: `mean_${span}s`, unit: 'log2 of ratio to baseline' })),
  { name: 'quarter_hour', unit: 'ln of baseline / mean of it' },
];

/** The window, what other days say of the seconds to come, and what this day's own cycles say. */
export function requestFeatures(
  day: SeenRequestDay,
  { second, profile }: { second: number; profile: ClockProfile },
): number[] {
  const baseline = day.baselines[second] as number;
  const numbers = windowFeatures(day, second);
  numbers.push(...profile.features(second, baseline));
  for (const earlier of EARLIER_S) {
    let highest = 0;
    for (let ahead = 1; ahead <= ONSET_HORIZON_S; ahead++) {
      const at = second + ahead - earlier;
      if (at < REQUEST_WINDOW_S) continue;
      highest = Math.max(highest, meanBetween(day.ratios, at - 1, at + 2));
    }
    numbers.push(highest);
  }
  for (const span of MEANS_S) numbers.push(meanBetween(day.ratios, second + 1 - span, second + 1));
  const quarter = meanBetween(day.values, second - QUARTER_HOUR_S, second + 1);
  numbers.push(Math.log((baseline + 1) / (quarter + 1)));
  return numbers;
}

/** Second of the newest onset up to this one; minus infinity before the first. */
export function lastOnset({ onsets }: SeenRequestDay, second: number): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const onset of onsets) {
    if (onset > second) break;
    last = onset;
  }
  return last;
}

/** Mean from `from` to before `to`, as far as there is data. */
export function meanBetween(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let at = Math.max(0, from); at < Math.min(values.length, to); at++) {
    sum += values[at] as number;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
