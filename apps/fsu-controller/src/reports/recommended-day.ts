import type { Estimate } from '@levitate/control';
import type { TargetConfig } from '../target-config.ts';

/** Sums of one target over one day in mode recommend. Sizes are in its unit; plain JSON. */
export interface RecommendedDay {
  target: string;
  resource: TargetConfig['resource'];
  unit: string;
  /** Number of the day since 1970, as the configured hour divides them. */
  day: number;
  /** Time in which it was measured. */
  seconds: number;
  sizeSeconds: number;
  recommendedSizeSeconds: number;
  largestRecommended: number;
  changes: number;
  /** Of a queue, bytes. */
  measuredDropped: number;
  recommendedDropped: Estimate;
  /** Of other resources: time in which more was needed than there was, and would have been. */
  shortSeconds: number;
  recommendedShortSeconds: number;
}

/** What one tick adds. */
export interface RecommendedMoment {
  seconds: number;
  size: number;
  /** What would have been in force meanwhile, and what after it. */
  recommended: number;
  next: number;
}

/** A day of which nothing is known yet. */
export function emptyDay(
  of: Pick<RecommendedDay, 'target' | 'resource' | 'unit' | 'day'>,
): RecommendedDay {
  return {
    ...of,
    seconds: 0,
    sizeSeconds: 0,
    recommendedSizeSeconds: 0,
    largestRecommended: 0,
    changes: 0,
    measuredDropped: 0,
    recommendedDropped: { bytes: 0, low: 0, high: 0 },
    shortSeconds: 0,
    recommendedShortSeconds: 0,
  };
}

/** Adds a tick to its day. */
export function addMoment(day: RecommendedDay, moment: RecommendedMoment): void {
  const { seconds, size, recommended, next } = moment;
  day.seconds += seconds;
  day.sizeSeconds += seconds * size;
  day.recommendedSizeSeconds += seconds * recommended;
  day.largestRecommended = Math.max(day.largestRecommended, recommended, next);
  if (next !== recommended) day.changes += 1;
}
