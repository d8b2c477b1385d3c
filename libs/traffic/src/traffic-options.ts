import type { SeededRandom } from '@levitate/clock';
import type { TrafficKind } from './traffic-plan.ts';

/** From and to; equal ends fix the value. */
export type Range = readonly [low: number, high: number];

/** How big bursts are. Values are drawn once a trace and vary by 5 % from burst to burst. */
export type BurstShape =
  | {
      by: 'amplitude';
      /** Rate within the burst over the base; default 5-15. */
      amplitude?: Range;
      /** Seconds, log-uniform; default 0.05-3. */
      lengthS?: Range;
    }
  | {
      by: 'excess';
      /** Bytes beyond what drains, as a share of `budgetBytes`. */
      shareOfBudget: Range;
      /** Drain x latency budget; default drain x 150 ms. */
      budgetBytes?: number;
      /** Milliseconds within which they arrive; default 20-80. */
      spreadMs?: Range;
    };

/**
 * What to plan. The defaults are the conditions "Generated traffic" of the bench definitions, which
 * every figure rests on.
 */
export interface TrafficOptions {
  kind: TrafficKind;
  seed: number | string;
  durationMs: number;
  /** Rate at which the bottleneck drains; default 12.5e6 (100 Mbit/s). */
  drainBytesPerSecond?: number;
  /** Default 1,500. */
  packetBytes?: number;
  /** Other traffic that shares the drain; default 0. */
  backgroundBytesPerSecond?: number;
  /** Level outside bursts, packets/s, log-uniform; default 0.05-0.25 of the drain. */
  basePps?: Range;
  /** Seconds between onsets (`random`: mean of the exponential gap), default 12-30. */
  intervalS?: Range;
  /**
   * `regular`: each interval is the trace's own plus jitter; `memoryless`: 12 s + Exp(12 s), so
   * that no clock tells a precursor's onset. Default: `memoryless` for `precursor`; `random` is
   * always.
   */
  intervals?: 'regular' | 'memoryless';
  /** Standard deviation of one interval, seconds; default 0.2. */
  jitterS?: number;
  /** Standard deviation of size and length from burst to burst, relative; default 0.05. */
  variation?: number;
  /** Default `{ by: 'amplitude' }`. */
  burst?: BurstShape;
  /** Steps and drifts that are no bursts; default true for the kinds that have bursts. */
  decoys?: boolean;
  /** Warm-up to the first onset of a regular train, milliseconds; default 0 to an interval. */
  phaseMs?: number;
  /** No onset before this; default 8,000, so that the first one has a quiet time before it. */
  warmupMs?: number;
  /** Period of `sawtooth`; default 100, the control period. */
  periodMs?: number;
  /** Rate of `replay`: each row holds until the next. */
  rows?: readonly { timeMs: number; pps: number }[];
}

/** Options with every default in place. */
export type ResolvedOptions = Required<Omit<TrafficOptions, 'basePps' | 'phaseMs' | 'rows'>> & {
  basePps: number;
  phaseMs?: number;
};

/** The seed document's own pattern: 1,000 packets/s, every 10 s a burst of 10,000 for 2 s. */
export const seedPattern = {
  kind: 'periodic',
  basePps: [1000, 1000],
  intervalS: [10, 10],
  jitterS: 0,
  variation: 0,
  burst: { by: 'amplitude', amplitude: [10, 10], lengthS: [2, 2] },
  decoys: false,
} as const satisfies Partial<TrafficOptions>;

/** Fill in the defaults; the base is drawn here because the others depend on it. */
export function resolveOptions(options: TrafficOptions, random: SeededRandom): ResolvedOptions {
  const drainBytesPerSecond = options.drainBytesPerSecond ?? 12.5e6;
  const packetBytes = options.packetBytes ?? 1500;
  const drainPps = drainBytesPerSecond / packetBytes;
  const base = options.basePps ?? [0.05 * drainPps, 0.25 * drainPps];
  return {
    jitterS: 0.2,
    variation: 0.05,
    burst: { by: 'amplitude' },
    intervalS: [12, 30],
    intervals: options.kind === 'precursor' ? 'memoryless' : 'regular',
    warmupMs: 8000,
    periodMs: 100,
    backgroundBytesPerSecond: 0,
    decoys: true,
    ...definedOnly(options),
    drainBytesPerSecond,
    packetBytes,
    basePps: random.fork('base').logUniform(...base),
  };
}

/** Without the keys whose value is `undefined`, so that they do not hide a default. */
function definedOnly(options: TrafficOptions): TrafficOptions {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as TrafficOptions;
}
