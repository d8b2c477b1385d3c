import type { Sample } from '@levitate/series';
import type { Burst, Onset } from '@levitate/traffic';

/** Three quantiles of one quantity. */
export interface Quantiles {
  q50: number;
  q90: number;
  q99: number;
}

/** Why a forecaster predicts no burst. */
export type AbstainReason =
  | 'too-few-onsets'
  | 'not-periodic'
  | 'no-precursor'
  | 'outside-horizon'
  | 'in-burst'
  | 'coarse-samples'
  | 'untrusted'
  | 'no-data';

/**
 * What the next `horizonS` seconds of one link are expected to bring (SPEC 3.1). Times are
 * relative to `madeUnixMs`, the time of the newest sample the forecast knows.
 */
export interface BurstForecast {
  link: string;
  madeUnixMs: number;
  horizonS: number;
  /** A burst starts within the horizon, as far as this forecaster can tell. */
  burstPredicted: boolean;
  /** Calibrated probability, 0..1, that a burst starts within the horizon. */
  confidence: number;
  /** Expected onset, seconds from `madeUnixMs`; negative: overdue but not yet given up. */
  timeToBurstS: number;
  /** Standard deviation of the onset's time, seconds. */
  timeSdS: number;
  /** Peak of the burst as a multiple of the current traffic. */
  magnitude: number;
  durationS: Quantiles;
  /** Highest arrival rate within the burst, bytes/s. */
  peakBytesPerSecond: Quantiles;
  /** Bytes that arrive within the burst. */
  volumeBytes: Quantiles;
  /** Room needed in the queue: largest excess of arrivals over what drained, bytes. */
  needBytes: Quantiles;
  /** Traffic outside bursts: highest rate within each of the next seconds, bytes/s. */
  levelBytesPerSecond: Quantiles[];
  /** Empty when a burst is predicted. */
  abstained: AbstainReason[];
  /** Forecaster and version, e.g. `periodic@1`. */
  model: string;
}

/** A sample and what the onset detector made of it. */
export interface ObservedSample {
  sample: Sample;
  /** Set on the first sample known to belong to a burst. */
  onset?: Onset | undefined;
  /** Set on the first sample known to come after a burst. */
  ended?: Burst | undefined;
  inBurst: boolean;
}
