import { arrivals, planTraffic, type TrafficKind } from '@levitate/traffic';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';

/** Kinds that a path is generated of: told by a clock, by a ramp, and by nothing. */
export const generatedPathKinds = [
  'periodic',
  'precursor',
  'random',
] as const satisfies TrafficKind[];

/** Generated traffic (SPEC appendix B) as a path carries it, second by second. */
export function generatedPath(options: {
  kind: TrafficKind;
  seed: string;
  seconds: number;
}): PathSeries {
  const { kind, seed, seconds } = options;
  const plan = planTraffic({ kind, seed, durationMs: seconds * 1000 });
  const counts = arrivals(plan, { fromMs: 0, stepMs: 1000, count: seconds });
  const unknown = new Float64Array(seconds).fill(Number.NaN);
  return {
    bandwidthBytesPerSecond: Float64Array.from(counts, (count) => count * plan.packetBytes),
    roundTripSeconds: unknown,
    lossRatio: unknown,
  };
}

/** So many paths of each kind in turn; equal seeds give equal paths. */
export function generatedPaths(options: {
  seed: string;
  count: number;
  seconds: number;
}): PathSeries[] {
  const { seed, count, seconds } = options;
  return Array.from({ length: count }, (_, index) => {
    const kind = generatedPathKinds[index % generatedPathKinds.length] as TrafficKind;
    return generatedPath({ kind, seed: `${seed}/${index}`, seconds });
  });
}
