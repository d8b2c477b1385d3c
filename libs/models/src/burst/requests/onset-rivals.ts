import { fitLogistic, logisticScore } from '../logistic-regression.ts';
import { ClockProfile } from './clock-profile.ts';
import { ONSET_HORIZON_S, type RequestDay, scoredSeconds } from './request-day.ts';
import { lastOnset, meanBetween, windowFeatures } from './request-features.ts';

/** Ranks seconds of a day by how likely a burst starts soon: larger is likelier. */
export type OnsetScore = (day: RequestDay, seconds: readonly number[]) => Float64Array;

/** One quiet second in so many is what the logistic regression learns from. */
const QUIET_STRIDE = 37;
const LEVEL_SPANS_S = [1, 5, 15] as const;

/**
 * What a model of request bursts is set beside (conditions of the bench): recency, level
 * persistence, seasonal-naive by the mean of the days and by the last one, logistic regression on
 * the same window.
 * @param days learned from, in order; the scored day is none of them
 */
export function onsetRivals(days: readonly RequestDay[]): Record<string, OnsetScore> {
  const profile = ClockProfile.of(days);
  const yesterday = days.at(-1)?.values ?? new Float64Array(0);
  const logistic = fitWindowLogistic(days);
  const rivals: Record<string, OnsetScore> = {
    recency_persistence: each((day, second) => lastOnset(day, second) - second),
    seasonal_naive_mean: each(highestAhead((second) => profile.level(second))),
    seasonal_naive_day: each(highestAhead((second) => yesterday[second] ?? 0)),
    logistic: each((day, second) =>
      logisticScore(logistic, Float64Array.from(windowFeatures(day, second))),
    ),
  };
  for (const span of LEVEL_SPANS_S) {
    rivals[`level_persistence_${span}s`] = each((day, second) => {
      const level = meanBetween(day.values, second + 1 - span, second + 1);
      return level / (day.baselines[second] as number);
    });
  }
  return rivals;
}

function each(of: (day: RequestDay, second: number) => number): OnsetScore {
  return (day, seconds) => Float64Array.from(seconds, (second) => of(day, second));
}

function highestAhead(level: (second: number) => number) {
  return (day: RequestDay, second: number): number => {
    let highest = 0;
    for (let ahead = 1; ahead <= ONSET_HORIZON_S; ahead++) {
      highest = Math.max(highest, level(second + ahead));
    }
    return highest / (day.baselines[second] as number);
  };
}

function fitWindowLogistic(days: readonly RequestDay[]): ReturnType<typeof fitLogistic> {
  const inputs: number[] = [];
  const outcomes: number[] = [];
  for (const day of days) {
    for (const second of scoredSeconds(day)) {
      const isComing = day.isComing[second] === 1;
      if (!isComing && second % QUIET_STRIDE !== 0) continue;
      for (const value of windowFeatures(day, second)) inputs.push(value);
      outcomes.push(isComing ? 1 : 0);
    }
  }
  return fitLogistic(
    {
      inputs: Float64Array.from(inputs),
      features: inputs.length / outcomes.length,
      outcomes: Uint8Array.from(outcomes),
      weights: Float64Array.from(outcomes, (outcome) => (outcome === 1 ? 1 : QUIET_STRIDE)),
    },
    { ridge: 10 },
  );
}
