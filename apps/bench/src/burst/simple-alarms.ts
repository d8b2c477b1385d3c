import { linear } from '@levitate/forecast';
import type { SecondForecast } from '@levitate/models';

import type { LinkSecond } from './link-seconds.ts';

/** How far ahead alarms look, seconds. */
const HORIZON_S = 10;
/** An alarm that knows no time names the middle of the horizon. */
const MIDDLE_MS = 5000;
/** Rate over baseline at which the level is taken to announce something, and to be a burst. */
const RISING_RATIO = 1.3;
const BURST_RATIO = 3;

/** A baseline: what it would announce, second by second, having seen the seconds up to each. */
export type SimpleAlarm = (seconds: readonly LinkSecond[]) => SecondForecast[];

/** Every second: a burst is about to start. */
export const alwaysOn: SimpleAlarm = (seconds) =>
  seconds.map(({ atMs }) => ({ atMs, tauMs: atMs + MIDDLE_MS }));

/** A burst started within the last 10 s, so another starts within the next. */
export const recencyPersistence: SimpleAlarm = (seconds) =>
  seconds.map(({ atMs, lastOnsetsMs }) => {
    const last = lastOnsetsMs.at(-1);
    const isRecent = last !== undefined && atMs - last <= HORIZON_S * 1000;
    return { atMs, tauMs: isRecent ? atMs + MIDDLE_MS : undefined };
  });

/** The level is up, and what is up goes on rising. */
export const levelPersistence: SimpleAlarm = (seconds) =>
  seconds.map(({ atMs, mean, baseline, inBurst }) => {
    const isUp = !inBurst && baseline > 0 && mean >= RISING_RATIO * baseline;
    return { atMs, tauMs: isUp ? atMs + MIDDLE_MS / 2 : undefined };
  });

/** The last interval repeats. */
export const seasonalNaiveAlarm: SimpleAlarm = (seconds) =>
  seconds.map(({ atMs, lastOnsetsMs }) => {
    const [before, last] = lastOnsetsMs;
    if (before === undefined || last === undefined) return { atMs, tauMs: undefined };
    const tauMs = last + (last - before);
    const isAhead = tauMs > atMs && tauMs <= atMs + HORIZON_S * 1000;
    return { atMs, tauMs: isAhead ? tauMs : undefined };
  });

/** The linear level forecaster (DLinear style) sees the rate cross the threshold. */
export const linearAlarm: SimpleAlarm = (seconds) => {
  const forecaster = linear();
  return seconds.map(({ atMs, peak, baseline, inBurst }) => {
    forecaster.learn(peak);
    if (inBurst || baseline <= 0) return { atMs, tauMs: undefined };
    const levels = forecaster.forecast(HORIZON_S);
    const step = levels.findIndex(({ q50 }) => q50 >= BURST_RATIO * baseline);
    return { atMs, tauMs: step < 0 ? undefined : atMs + (step + 0.5) * 1000 };
  });
};
