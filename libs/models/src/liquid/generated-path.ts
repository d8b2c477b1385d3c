import { arrivals, planTraffic, type TrafficKind } from '@levitate/traffic';
import type { PathSeries } from '../bandwidth/bandwidth-trace.ts';

/** The kinds whose next ten seconds can be known in part: a clock or a ramp tells them. */
export const generatedPathKinds = ['periodic', 'precursor'] as const satisfies TrafficKind[];

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
