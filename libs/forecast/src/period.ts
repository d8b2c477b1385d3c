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
 * (McLeod and Wyvill, "A smarter way to find pitch", ICMC 2005). A peak counts beyond the first
 * zero crossing (before it lies the series' own persistence) and above the largest value that noise
 * with that same persistence reaches by chance: Bartlett's variance (1 + 2 sum r_j^2) / n (Box and
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

/** A series with its mean line taken out; a missing value is 0 and does not count as present. */
interface Detrended {
  rest: Float64Array;
  present: Uint8Array;
  isComplete: boolean;
}

/** Index is the lag; a lag without energy or pairs correlates by 0. */
function autocorrelation({ rest, present, isComplete }: Detrended, lagMax: number): Lag[] {
  const squaresTo = new Float64Array(rest.length + 1);
  for (let index = 0; index < rest.length; index++) {
    squaresTo[index + 1] = (squaresTo[index] as number) + (rest[index] as number) ** 2;
  }
  const all = squaresTo[rest.length] as number;
  const lags: Lag[] = [{ correlation: 1, pairs: rest.length }];
  for (let lag = 1; lag <= lagMax; lag++) {
    const length = rest.length - lag;
    let product = 0;
    for (let index = 0; index < length; index++) {
      product += (rest[index] as number) * (rest[index + lag] as number);
    }
    let pairs = length;
    let energy = (squaresTo[length] as number) + all - (squaresTo[lag] as number);
    if (!isComplete) ({ pairs, energy } = presentPairs({ rest, present, lag }));
    lags.push({ correlation: energy > 0 ? (2 * product) / energy : 0, pairs: Math.max(1, pairs) });
  }
  return lags;
}

/** How many pairs have both values, and their energy. */
function presentPairs({ rest, present, lag }: Omit<Detrended, 'isComplete'> & { lag: number }) {
  let pairs = 0;
  let energy = 0;
  for (let index = lag; index < rest.length; index++) {
    if (present[index] === 0 || present[index - lag] === 0) continue;
    pairs += 1;
    energy += (rest[index] as number) ** 2 + (rest[index - lag] as number) ** 2;
  }
  return { pairs, energy };
}

/** The series less its least-squares line. */
function detrended(values: readonly (number | undefined)[]): Detrended {
  const rest = new Float64Array(values.length);
  const present = new Uint8Array(values.length);
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  for (let x = 0; x < values.length; x++) {
    const y = values[x];
    if (y === undefined) continue;
    present[x] = 1;
    count += 1;
    meanX += (x - meanX) / count;
    meanY += (y - meanY) / count;
  }
  let squares = 0;
  let products = 0;
  for (let x = 0; x < values.length; x++) {
    if (present[x] === 0) continue;
    squares += (x - meanX) ** 2;
    products += (x - meanX) * ((values[x] as number) - meanY);
  }
  const slope = squares > 0 ? products / squares : 0;
  const tiny = (Math.abs(meanY) + Math.abs(slope) * values.length) * ROUNDING;
  for (let x = 0; x < values.length; x++) {
    if (present[x] === 0) continue;
    const off = (values[x] as number) - meanY - slope * (x - meanX);
    rest[x] = Math.abs(off) <= tiny ? 0 : off;
  }
  return { rest, present, isComplete: count === values.length };
}

/** A shorter lag is the period when its peak is at least this share of the highest. */
const AS_HIGH = 0.9;
/** What is left of a constant series by rounding is no signal. */
const ROUNDING = 1e-12;
