import { HORIZON } from './bandwidth-windows.ts';

/** Probabilities of the quantiles that the network states, of each step and of the mean. */
export const QUANTILES = [0.1, 0.5, 0.9] as const;
/** Numbers of each step: the quantiles, then the mean. */
const PER_STEP = QUANTILES.length + 1;
/** The quantiles of the mean over the horizon stand first, then step by step. */
export const BANDWIDTH_OUTPUTS = QUANTILES.length + HORIZON * PER_STEP;

/** Of one quantity, bytes/s, in order of size. */
export interface BandwidthQuantiles {
  q10: number;
  q50: number;
  q90: number;
}

/** A forecast of the next ten seconds, bytes/s; all finite, none negative. */
export interface BandwidthForecast {
  /** Of the mean over the ten seconds; `q50` has the least absolute error. */
  mean: BandwidthQuantiles;
  /** Of each second, the first one a second after the newest; with its expected value. */
  steps: readonly (BandwidthQuantiles & { mean: number })[];
}

/** Where the outputs of a step stand. @param step 0 for the next second */
export function stepOffset(step: number): number {
  return QUANTILES.length + step * PER_STEP;
}

/** What conformal prediction adds to the low and the high quantile, in units of the scale. */
export interface QuantileOffset {
  low: number;
  high: number;
}

/** Offsets of the mean over the horizon, and of each step; missing ones are nothing. */
export interface ConformalOffsets {
  horizon: QuantileOffset;
  steps: readonly QuantileOffset[];
}

/**
 * From the network's numbers to bytes/s.
 * @param output `BANDWIDTH_OUTPUTS` numbers
 * @param unit of the window's newest step
 */
export function decodeForecast(
  output: ArrayLike<number>,
  unit: { base: number; scale: number },
  offsets?: ConformalOffsets,
): BandwidthForecast {
  const read = (at: number, offset = 0) =>
    Math.max(0, unit.base + unit.scale * ((output[at] as number) + offset));
  const quantiles = (at: number, offset?: QuantileOffset) =>
    ordered([read(at, offset?.low), read(at + 1), read(at + 2, offset?.high)]);
  return {
    mean: quantiles(0, offsets?.horizon),
    steps: Array.from({ length: HORIZON }, (_, step) => {
      const at = stepOffset(step);
      return { ...quantiles(at, offsets?.steps[step]), mean: read(at + 3) };
    }),
  };
}

/** Quantiles that cross are put in order; the middle one stays. */
function ordered([low, middle, high]: [number, number, number]): BandwidthQuantiles {
  return { q10: Math.min(low, middle), q50: middle, q90: Math.max(high, middle) };
}
