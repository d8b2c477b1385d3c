import { strict as assert } from 'node:assert';

/** A period found in a series. */
export interface Period {
  /** Steps. */
  lag: number;
  /** Autocorrelation at that lag, -1..1. */
  correlation: number;
  /** What the correlation had to exceed. */
  threshold: number;
}

/** Options of `detectPeriod`. */
export interface PeriodOptions {
  /** Shortest period looked for, steps. Default 2. */
  lagMin?: number;
  /** Longest; never more than a third of the series, three cycles being the least evidence. */
  lagMax?: number;
  /** Probability of finding a period in noise. Default 0.01. */
  significance?: number;
}

/**
 * The period of a series, or none.
 *
 * Autocorrelation of the series less its linear trend, each lag normalised by the energy of the
 * pairs it has, so that long lags are not biased down and missing values only thin the pairs out
 * (McLeod and Wyvill, "A smarter way to find pitch", ICMC 2005). A peak counts beyond the first zero
 * crossing (before it lies the series' own persistence) and above the largest value that noise with
 * that same persistence reaches by chance: Bartlett's variance (1 + 2 sum r_j^2) / n (Box and
 * Jenkins, section 2.1.6), times the normal quantile of `significance` over the number of lags
 * (Bonferroni; the quantile bounded by sqrt(2 ln(1 / 2p))). Multiples of the period peak as high as
 * the period itself, so the shortest lag within a tenth of the highest peak is taken.
 *
 * A smooth wave decorrelates slowly and must come about ten times to be told from a drift; pulses
 * need three.
 *
 * @param values one per step, oldest first; undefined is missing
 */
export function detectPeriod(
  values: readonly (number | undefined)[],
  options: PeriodOptions = {},
): Period | undefined {
  const lagMax = Math.min(
    options.lagMax ?? Number.POSITIVE_INFINITY,
    Math.floor(values.length / 3),
  );
  const { lagMin = 2, significance = 0.01 } = options;
  assert(lagMin >= 1 && significance > 0 && significance < 1);
  if (lagMax <= lagMin) return undefined;
  const series = detrended(values);
  const lags = autocorrelation(series, lagMax + 1);
  const crossing = lags.findIndex((lag, index) => index > 0 && lag.correlation <= 0);
  if (crossing < 0) return undefined;
  const persistence = lags
    .slice(1, crossing)
    .reduce((sum, { correlation }) => sum + correlation ** 2, 0);
  const quantile = Math.sqrt(2 * Math.log(Math.max(2, lagMax / (2 * significance))));
  const peaks: Period[] = [];
  for (let lag = Math.max(lagMin, crossing); lag <= lagMax; lag++) {
    const { correlation, pairs } = lags[lag] as Lag;
    const isPeak =
      correlation >= (lags[lag - 1] as Lag).correlation &&
      correlation > (lags[lag + 1] as Lag).correlation;
    const threshold = quantile * Math.sqrt((1 + 2 * persistence) / pairs);
    if (isPeak && correlation > threshold) peaks.push({ lag, correlation, threshold });
  }
  const highest = Math.max(...peaks.map((peak) => peak.correlation));
  return peaks.find((peak) => peak.correlation >= AS_HIGH * highest);
}

interface Lag {
  correlation: number;
  pairs: number;
}

/** Index is the lag; a lag without energy or pairs correlates by 0. */
function autocorrelation(series: Float64Array, lagMax: number): Lag[] {
  const lags: Lag[] = [{ correlation: 1, pairs: series.length }];
  for (let lag = 1; lag <= lagMax; lag++) {
    let product = 0;
    let energy = 0;
    let pairs = 0;
    for (let index = lag; index < series.length; index++) {
      const one = series[index - lag] as number;
      const other = series[index] as number;
      if (Number.isNaN(one) || Number.isNaN(other)) continue;
      product += one * other;
      energy += one * one + other * other;
      pairs += 1;
    }
    lags.push({ correlation: energy > 0 ? (2 * product) / energy : 0, pairs: Math.max(1, pairs) });
  }
  return lags;
}

/** The series less its least-squares line; missing values are NaN inside this file only. */
function detrended(values: readonly (number | undefined)[]): Float64Array {
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (const [x, y] of values.entries()) {
    if (y === undefined) continue;
    count += 1;
    sumX += x;
    sumY += y;
  }
  const meanX = sumX / count;
  const meanY = sumY / count;
  let squares = 0;
  let products = 0;
  for (const [x, y] of values.entries()) {
    if (y === undefined) continue;
    squares += (x - meanX) ** 2;
    products += (x - meanX) * (y - meanY);
  }
  const slope = squares > 0 ? products / squares : 0;
  const tiny = Math.abs(meanY) * ROUNDING;
  return Float64Array.from(values, (y, x) => {
    if (y === undefined) return Number.NaN;
    const rest = y - meanY - slope * (x - meanX);
    return Math.abs(rest) <= tiny ? 0 : rest;
  });
}

/** A shorter lag is the period when its peak is at least this share of the highest. */
const AS_HIGH = 0.9;
/** What is left of a constant series by rounding is no signal. */
const ROUNDING = 1e-12;
