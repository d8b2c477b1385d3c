import type { Sample } from '@levitate/series';
import { OnsetDetector, type PlannedBurst, type TrafficPlan } from '@levitate/traffic';
import { HAZARD_BINS } from './burst-head.ts';
import { BURST_FEATURES, SecondFeatures } from './second-features.ts';

/** A trace as the network sees it, with its truth: one entry a second. */
export interface BurstTrace {
  count: number;
  /** `[count, BURST_FEATURES]`. */
  values: Float32Array;
  /** Seconds to the next onset; `HAZARD_BINS` none within the horizon; NaN not known. */
  timeS: Float32Array;
  /** Natural logarithm of the next burst's peak over the level; 0 where none comes. */
  logMagnitude: Float32Array;
}

/** Samples of a link and what is true of them: of a generator's plan, or of labels. */
export interface LabelledTraffic {
  plan: Pick<TrafficPlan, 'durationMs' | 'basePps'> & {
    bursts: readonly Pick<PlannedBurst, 'timeMs' | 'peakPps'>[];
  };
  startUnixMs: number;
  samples: Iterable<Sample>;
}

/**
 * Run a link through the onset detector and the features, as the service would, and put
 * the truth beside each second (SPEC 3.1: of generated traffic the label is the generator's).
 */
export function burstTrace({ plan, startUnixMs, samples }: LabelledTraffic): BurstTrace {
  const detector = new OnsetDetector();
  const features = new SecondFeatures();
  const most = Math.ceil(plan.durationMs / 1000) + 1;
  const trace: BurstTrace = {
    count: 0,
    values: new Float32Array(most * BURST_FEATURES),
    timeS: new Float32Array(most),
    logMagnitude: new Float32Array(most),
  };
  let next = 0;
  for (const sample of samples) {
    const { onset, ended, inBurst } = detector.observe(sample);
    for (const { endUnixMs, values } of features.learn({ sample, onset, ended, inBurst })) {
      const atMs = endUnixMs - startUnixMs;
      while ((plan.bursts[next]?.timeMs ?? Number.POSITIVE_INFINITY) <= atMs) next += 1;
      const truth = truthAt({ atMs, burst: plan.bursts[next], endMs: plan.durationMs });
      trace.values.set(values, trace.count * BURST_FEATURES);
      trace.timeS[trace.count] = truth.timeS;
      trace.logMagnitude[trace.count] = Math.log(Math.max(1, truth.peakPps / plan.basePps));
      trace.count += 1;
    }
  }
  return trace;
}

function truthAt({
  atMs,
  burst,
  endMs,
}: {
  atMs: number;
  burst: Pick<PlannedBurst, 'timeMs' | 'peakPps'> | undefined;
  endMs: number;
}): { timeS: number; peakPps: number } {
  const timeS = burst === undefined ? Number.POSITIVE_INFINITY : (burst.timeMs - atMs) / 1000;
  if (timeS < HAZARD_BINS) return { timeS, peakPps: burst?.peakPps ?? 0 };
  // So near the end nobody knows what would have come.
  const isKnown = atMs + HAZARD_BINS * 1000 <= endMs;
  return { timeS: isKnown ? HAZARD_BINS : Number.NaN, peakPps: 0 };
}
