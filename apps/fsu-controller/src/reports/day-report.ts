import type { fsuController } from '@levitate/contracts';
import { sizeText } from '../decision-text.ts';
import { resourceToProto } from '../proto-words.ts';
import type { RecommendedDay } from './recommended-day.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Number of the day since 1970 that a moment is in, where days begin at `hourUtc`. */
export function dayNumber(unixMs: number, hourUtc: number): number {
  return Math.floor((unixMs - hourUtc * hourMs) / dayMs);
}

/** A day in the words of the wire. @param at.nowUnixMs undefined: the day is over */
export function dayReport(
  of: RecommendedDay,
  at: { hourUtc: number; nowUnixMs: number | undefined },
): fsuController.Report {
  const begunUnixMs = of.day * dayMs + at.hourUtc * hourMs;
  const { meanSize, meanRecommendedSize } = meansOf(of);
  return {
    target: of.target,
    resource: resourceToProto[of.resource],
    unit: of.unit,
    begunUnixMs,
    endedUnixMs: at.nowUnixMs ?? begunUnixMs + dayMs,
    running: at.nowUnixMs !== undefined,
    seconds: of.seconds,
    meanSize,
    meanRecommendedSize,
    largestRecommendedSize: of.largestRecommended,
    recommendedChanges: of.changes,
    measuredDroppedBytes: of.measuredDropped,
    recommendedDroppedBytes: of.recommendedDropped.bytes,
    recommendedDroppedBytesLow: of.recommendedDropped.low,
    recommendedDroppedBytesHigh: of.recommendedDropped.high,
    shortSeconds: of.shortSeconds,
    recommendedShortSeconds: of.recommendedShortSeconds,
    text: reportText(of),
  };
}

/** One sentence for a person: what control would have changed. */
export function reportText(of: RecommendedDay): string {
  const { seconds, unit, changes } = of;
  const { meanSize, meanRecommendedSize } = meansOf(of);
  const [mean, recommended] = [sizeText(meanSize, unit), sizeText(meanRecommendedSize, unit)];
  const sizes =
    mean === recommended
      ? `the same mean size, ${mean}`
      : `${recommended} on average instead of ${mean}`;
  const times = `${changes} change${changes === 1 ? '' : 's'}`;
  const what = of.resource === 'buffer' ? dropsText(of) : shortText(of);
  const span = timeText(seconds);
  return `In ${span} of recommend control would have made ${times}: ${sizes}; ${what}.`;
}

function meansOf({ seconds, sizeSeconds, recommendedSizeSeconds }: RecommendedDay) {
  const over = Math.max(seconds, Number.MIN_VALUE);
  return { meanSize: sizeSeconds / over, meanRecommendedSize: recommendedSizeSeconds / over };
}

function dropsText({ measuredDropped, recommendedDropped }: RecommendedDay): string {
  const { bytes, low, high } = recommendedDropped;
  const less = measuredDropped - bytes;
  if (Math.round(Math.abs(less) / 1_024) === 0) {
    return measuredDropped === 0 ? 'nothing was dropped' : 'as much would have been dropped';
  }
  const [from, to] = [measuredDropped - high, measuredDropped - low];
  if (less > 0) {
    const most = `${sizeText(Math.max(0, from))} to ${sizeText(to)}`;
    const all = sizeText(measuredDropped);
    return `${sizeText(less)} of ${all} of drops prevented (estimate; ${most})`;
  }
  const most = `${sizeText(Math.max(0, -to))} to ${sizeText(-from)}`;
  return `${sizeText(-less)} more would have been dropped (estimate; ${most})`;
}

function shortText({ shortSeconds, recommendedShortSeconds }: RecommendedDay): string {
  if (shortSeconds === 0 && recommendedShortSeconds === 0) return 'it was never too small';
  const would = timeText(recommendedShortSeconds);
  return `too small for ${would} instead of ${timeText(shortSeconds)} (estimate)`;
}

/** 3,700 -> `1.0 h`; 90 -> `2 min`. */
function timeText(seconds: number): string {
  if (seconds >= 3_600) return `${(seconds / 3_600).toFixed(1)} h`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
}
