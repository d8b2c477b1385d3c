import type { Sample } from '@levitate/series';
import { BURST_STEPS } from '../burst/burst-task.ts';
import { type BurstTrace, burstTrace } from '../burst/burst-trace.ts';
import { BURST_FEATURES } from '../burst/second-features.ts';
import type { LabelledLink } from './read-dataset.ts';

/**
 * A labelled link as the burst network sees it, with its truth by the labels. What came after an
 * onset whose burst was not seen to its end is not known.
 */
export function labelledBursts({ samples, onsets }: LabelledLink): BurstTrace {
  const [first] = samples as [Sample, ...Sample[]];
  const startUnixMs = first.timeUnixMs - (first.intervalMs ?? 0);
  const torn = onsets.findIndex(({ magnitude }) => magnitude === undefined);
  const whole = torn === -1 ? onsets : onsets.slice(0, torn);
  const endUnixMs = onsets[torn]?.timeUnixMs ?? (samples.at(-1)?.timeUnixMs as number);
  const known = samples.filter(({ timeUnixMs }) => timeUnixMs <= endUnixMs);
  const bursts = whole.map(({ timeUnixMs, magnitude = 1 }) => ({
    timeMs: timeUnixMs - startUnixMs,
    peakPps: magnitude,
  }));
  // Magnitudes are multiples of the level: beside a level of one they are rates.
  const plan = { durationMs: endUnixMs - startUnixMs, basePps: 1, bursts };
  return burstTrace({ plan, startUnixMs, samples: known });
}

/** Seconds of a link below which it says nothing: what lies ten ahead must be known of some. */
export const LINK_SECONDS_MIN = 12;

/** Pieces no longer than this: one link of ten minutes can both validate and calibrate. */
const PIECE_SECONDS_MAX = 300;

/**
 * Pieces of one length, as a corpus takes them. The length is that of the shortest trace, at least
 * a window's, at most five minutes; a shorter trace stands at the end of its piece, unknown seconds
 * without a truth before it, as a link that has just appeared. Longer traces give several, the last
 * one to the end.
 * @param traces of at least `LINK_SECONDS_MIN` seconds
 */
export function equalPieces(traces: readonly BurstTrace[]): BurstTrace[] {
  const shortest = Math.min(...traces.map(({ count }) => count));
  const seconds = Math.max(BURST_STEPS, Math.min(PIECE_SECONDS_MAX, shortest));
  return traces.flatMap((trace) => {
    if (trace.count <= seconds) return [padded(trace, seconds)];
    const pieces = Math.ceil(trace.count / seconds);
    return Array.from({ length: pieces }, (_, index) =>
      cut(trace, { from: Math.min(index * seconds, trace.count - seconds), seconds }),
    );
  });
}

function cut(trace: BurstTrace, { from, seconds }: { from: number; seconds: number }): BurstTrace {
  const to = from + seconds;
  return {
    count: seconds,
    values: trace.values.slice(from * BURST_FEATURES, to * BURST_FEATURES),
    timeS: trace.timeS.slice(from, to),
    logMagnitude: trace.logMagnitude.slice(from, to),
  };
}

function padded(trace: BurstTrace, seconds: number): BurstTrace {
  const before = seconds - trace.count;
  const piece: BurstTrace = {
    count: seconds,
    values: new Float32Array(seconds * BURST_FEATURES),
    timeS: new Float32Array(seconds).fill(Number.NaN),
    logMagnitude: new Float32Array(seconds),
  };
  piece.values.set(trace.values.subarray(0, trace.count * BURST_FEATURES), before * BURST_FEATURES);
  piece.timeS.set(trace.timeS.subarray(0, trace.count), before);
  piece.logMagnitude.set(trace.logMagnitude.subarray(0, trace.count), before);
  return piece;
}
