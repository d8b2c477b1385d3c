import { simulatePlan } from '@levitate/queueing';
import type { Sample } from '@levitate/series';
import { planTraffic, type TrafficKind, type TrafficPlan } from '@levitate/traffic';

/** Wall clock at which generated links begin; any will do. */
export const GENERATED_START_UNIX_MS = 1_700_000_000_000;

/** Room for the highest base with decoys: base <= 0.25 x drain (conditions of the bench). */
const DRAIN_OVER_BASE = 4.2;
const PACKET_BYTES = 1500;
/** So long a queue drops nothing: what is learnt is what arrives, not what a limit did to it. */
const LIMIT_S = 30;

/** One generated link. */
export interface GeneratedLinkOptions {
  kind: TrafficKind;
  seed: string;
  durationMs: number;
  /** Level outside bursts, packets/s, log-uniform. */
  basePps: readonly [number, number];
  /** Wall clock at its start; default `GENERATED_START_UNIX_MS`. */
  startUnixMs?: number;
}

/** The plan of a generated link and the samples that the agent would give for it. */
export interface GeneratedLink {
  plan: TrafficPlan;
  startUnixMs: number;
  samples: Iterable<Sample>;
}

/**
 * A link of generated traffic (SPEC appendix B) run through the queue simulator, so that queue
 * depth and delay are those of a queue and not invented. Lazy: samples are made as they are read.
 */
export function generatedLink(options: GeneratedLinkOptions): GeneratedLink {
  const { kind, seed, durationMs, basePps, startUnixMs = GENERATED_START_UNIX_MS } = options;
  const drainBytesPerSecond = basePps[1] * PACKET_BYTES * DRAIN_OVER_BASE;
  const plan = planTraffic({ kind, seed, durationMs, basePps, drainBytesPerSecond });
  return { plan, startUnixMs, samples: samplesOf(plan, startUnixMs) };
}

function* samplesOf(plan: TrafficPlan, startUnixMs: number): Generator<Sample> {
  const limitBytes = plan.drainBytesPerSecond * LIMIT_S;
  for (const { sample } of simulatePlan({ plan, limitBytes, startUnixMs })) yield sample;
}
