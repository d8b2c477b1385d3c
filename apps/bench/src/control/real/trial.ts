import { strict as assert } from 'node:assert';
import { type ArrivalStream, backendSlowdowns, loadBalancerBench } from '@levitate/queueing';
import { peakPerSecond } from '../resource-stands.ts';
import type { TrialDraw } from '../trial-draw.ts';
import type { TrialRef } from '../trial-runs.ts';

/** When a server of a balancer has another speed. */
export interface SpeedChange {
  atMs: number;
  server: number;
  /** Share of its full speed, above 0. */
  speed: number;
}

/** A minute of a scored trial, for a real system, which cannot be played faster. */
export interface RealTrial {
  arrivals: ArrivalStream;
  /** What comes before is not counted, ms. */
  countedFromMs: number;
  /** Most requests in a second of the minute before: what a controller would remember. */
  recentPerSecondMax: number;
  /** The tuned static of its kind. */
  tunedSize: number;
  /** Of the servers of a balancer; none for others. */
  speedChanges: SpeedChange[];
}

/** Of the trial, milliseconds: the minute before, then warm-up and what counts. */
const fromMs = 100_000;
const warmMs = 20_000;
const countedMs = 60_000;
const endMs = fromMs + warmMs + countedMs;

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
    speedChanges: ref.resource === 'loadbalancer' ? changesOf(random.fork('backends')) : [],
  };
}

/** The slowdowns of the simulated trial, as far as they fall into this part of it. */
function changesOf(random: Parameters<typeof backendSlowdowns>[0]['random']): SpeedChange[] {
  const slowdowns = backendSlowdowns({ untilMs: endMs, random });
  assert(slowdowns.length === loadBalancerBench.ratesPerSecond.length, 'one list a server');
  return slowdowns
    .flatMap(({ fromMs: starts, toMs: ends, factor }, server) =>
      [...starts].flatMap((start, index) => {
        const speed = factor[index] as number;
        const end = ends[index] as number;
        if (end <= fromMs || start >= endMs) return [];
        return [
          { atMs: Math.max(0, start - fromMs), server, speed },
          { atMs: end - fromMs, server, speed: 1 },
        ];
      }),
    )
    .filter(({ atMs }) => atMs < warmMs + countedMs)
    .toSorted((one, other) => one.atMs - other.atMs);
}
