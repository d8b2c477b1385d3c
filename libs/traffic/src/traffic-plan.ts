import type { RateSegment } from './rate-curve.ts';

/** The kinds of traffic of SPEC appendix B. */
export type TrafficKind =
  | 'periodic'
  | 'precursor'
  | 'random'
  | 'self-similar'
  | 'flat'
  | 'sawtooth'
  | 'capacity-collapse'
  | 'replay';

/** A burst as the generator made it: the truth that labels and forecasts are scored against. */
export interface PlannedBurst {
  /** Start, milliseconds from the start of the plan. */
  timeMs: number;
  durationMs: number;
  /** Rate of the generated traffic within the burst, level included, packets/s. */
  peakPps: number;
  /** Bytes beyond what drains while it lasts, background traffic included; 0 if it all drains. */
  excessBytes: number;
}

/**
 * Traffic as a value: the rate over time, what is true about it, and nothing drawn from it yet.
 * Equal options give equal plans. Packet counts are drawn from it by `arrivals`.
 */
export interface TrafficPlan {
  kind: TrafficKind;
  seed: number | string;
  durationMs: number;
  packetBytes: number;
  /** Rate outside bursts, decoys left out, packets/s. */
  basePps: number;
  /** Other traffic on the same link, which the plan takes into account but does not contain. */
  backgroundBytesPerSecond: number;
  drainBytesPerSecond: number;
  /** The whole rate: level, decoys, ramps and bursts. */
  rate: readonly RateSegment[];
  bursts: readonly PlannedBurst[];
  /** Edges of decoy steps upward, milliseconds: what a naive detector would take for an onset. */
  upwardEdgesMs: readonly number[];
  /** The drain as a multiple of `drainBytesPerSecond`, where it is not 1 (capacity-collapse). */
  drainFactor: readonly { fromMs: number; toMs: number; factor: number }[];
}
