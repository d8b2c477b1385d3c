import { strict as assert } from 'node:assert';
import { type ArrivalStream, backendSlowdowns, type Slowdowns } from '@levitate/queueing';
import { peakPerSecond } from '../resource-stands.ts';
import type { TrialDraw } from '../trial-draw.ts';
import type { TrialRef } from '../trial-runs.ts';

/** A minute of a scored trial, for a real system, which cannot be played faster. */
export interface RealTrial {
  arrivals: ArrivalStream;
  /** What comes before is not counted, ms. */
  countedFromMs: number;
  /** Most requests in a second of the minute before: what a controller would remember. */
  recentPerSecondMax: number;
  /** The tuned static of its kind. */
  tunedSize: number;
  /** When the servers of a balancer are slow, one list each; none for others. */
  slowdowns: Slowdowns[];
}

/** Of the trial, milliseconds: the minute before, then warm-up and what counts. */
const fromMs = 100_000;
const warmMs = 20_000;
const countedMs = 60_000;
const endMs = fromMs + warmMs + countedMs;
/** What a real trial lasts, in the terms of the simulated ones. */
export const realTrialLength = {
  uncountedSeconds: warmMs / 1000,
  countedSeconds: countedMs / 1000,
};

/** Cut a real trial out of a simulated one. @param tunedSize static size to compare with */
export function realTrialOf(
  ref: TrialRef,
  { draw, tunedSize }: { draw: TrialDraw; tunedSize: number },
): RealTrial {
  assert(ref.resource !== 'buffer', 'a buffer has packets, not requests');
  const { arrivals, random } = draw.requests(ref, peakPerSecond[ref.resource]);
  const chosen = [...arrivals.atMs.keys()].filter((index) => {
    const atMs = arrivals.atMs[index] as number;
    return atMs >= fromMs && atMs < endMs;
  });
  const counts = new Map<number, number>();
  for (const atMs of arrivals.atMs) {
    if (atMs < fromMs - 60_000 || atMs >= fromMs) continue;
    const second = Math.floor(atMs / 1000);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return {
    arrivals: {
      atMs: Float64Array.from(chosen, (index) => (arrivals.atMs[index] as number) - fromMs),
      work: Float64Array.from(chosen, (index) => arrivals.work[index] as number),
    },
    countedFromMs: warmMs,
    recentPerSecondMax: Math.max(0, ...counts.values()),
    tunedSize,
    slowdowns: ref.resource === 'loadbalancer' ? slowdownsOf(random.fork('backends')) : [],
  };
}

/** Those of the simulated trial that fall into this part of it. */
function slowdownsOf(random: Parameters<typeof backendSlowdowns>[0]['random']): Slowdowns[] {
  return backendSlowdowns({ untilMs: endMs, random }).map((each) => {
    const isHere = (_: number, index: number) => (each.toMs[index] as number) > fromMs;
    return {
      fromMs: each.fromMs.filter(isHere).map((ms) => Math.max(0, ms - fromMs)),
      toMs: each.toMs.filter(isHere).map((ms) => ms - fromMs),
      factor: each.factor.filter(isHere),
    };
  });
}
