import type { PrecursorShape } from './precursor-shape.ts';

/** Slots per bin and bins looked back over: 16 x 0.5 s. */
export const BIN_SLOTS = 5;
export const BINS = 16;
/** Onsets considered: every 0.2 s up to 6 s ahead. */
const AHEAD_SLOTS_MAX = 60;
const AHEAD_STEP = 2;
const AHEADS = AHEAD_SLOTS_MAX / AHEAD_STEP;
/** A level that stepped this many bins ago or earlier must not hide the precursor after it. */
const STEP_BINS_MIN = 4;
/** A single odd bin may cost no more than this, so that one spike decides nothing. */
const BIN_COST_MAX = 16;
/** Each free parameter beyond the level costs this much log-likelihood (as in AIC). */
const PARAMETER_COST = 1;
/** What is going on before anything was seen: shares of all seconds. */
const PRIOR = { flat: 0.6, step: 0.2, drift: 0.1, onset: 0.08, stepThenOnset: 0.02 };
/** Drifts steeper than about this, relative change per bin, are unlikely (20 to 60 s a move). */
const DRIFT_SD_PER_BIN = 0.01;
/** Spread the shape is trusted to, beside the noise, relative. */
const SHAPE_SD = 0.04;

export interface PrecursorPosterior {
  /** That an onset lies within the next 6 s. */
  probability: number;
  /** Mean and standard deviation of its time, slots from now. */
  meanSlots: number;
  sdSlots: number;
}

/**
 * Compare what the last 8 s would look like if an onset were h slots ahead, for each h, with a
 * flat level, a level that stepped once, and a slow drift; all with a free level and Gaussian
 * noise (a bank of matched filters; Kay, Detection Theory, 4.3 and 6.4).
 *
 * @param bins rate per bin, `bins[0]` the newest; NaN where unknown
 * @param noise relative standard deviation of one bin
 */
export function precursorPosterior(
  bins: readonly number[],
  noise: number,
  shape: PrecursorShape,
): PrecursorPosterior {
  const level = meanKnown(bins);
  const variance = level ** 2 * (noise ** 2 * (1 + 1 / Math.max(1, shape.count)) + SHAPE_SD ** 2);
  const logs: { log: number; ahead: number }[] = [];
  const flat = new Array<number>(BINS).fill(1);
  logs.push({ log: Math.log(PRIOR.flat) + fit(bins, flat, variance, 0, BINS), ahead: -1 });
  // A step falls inside a bin, whose mean then says nothing: that bin is left out.
  const steps = BINS - 2;
  for (let at = 0; at < steps; at++) {
    const split = fit(bins, flat, variance, 0, at) + fit(bins, flat, variance, at + 1, BINS);
    logs.push({ log: Math.log(PRIOR.step / steps) + split - PARAMETER_COST, ahead: -1 });
  }
  for (const slope of [-2, -1, 1, 2, 3]) {
    const drift = flat.map((_, j) => 1 - slope * DRIFT_SD_PER_BIN * j);
    const log = Math.log(PRIOR.drift / 5) - slope ** 2 / 8 + fit(bins, drift, variance, 0, BINS);
    logs.push({ log, ahead: -1 });
  }
  const expected = new Array<number>(BINS).fill(1);
  const splits = BINS - 2 - STEP_BINS_MIN;
  const splitPrior = Math.log(PRIOR.stepThenOnset / AHEADS / splits) - PARAMETER_COST;
  for (let ahead = 1; ahead <= AHEAD_SLOTS_MAX; ahead += AHEAD_STEP) {
    for (let j = 0; j < BINS; j++) {
      expected[j] = shape.mean(ahead - 1 + j * BIN_SLOTS, BIN_SLOTS);
    }
    const whole = fit(bins, expected, variance, 0, BINS);
    logs.push({ log: Math.log(PRIOR.onset / AHEADS) + whole, ahead });
    for (let at = STEP_BINS_MIN; at < BINS - 2; at++) {
      const before = fit(bins, expected, variance, at + 1, BINS);
      logs.push({ log: splitPrior + before + fit(bins, expected, variance, 0, at), ahead });
    }
  }
  return summarise(logs);
}

/** Log-likelihood of bins [from, to) under `level x expected`, the level fitted, costs capped. */
function fit(
  bins: readonly number[],
  expected: readonly number[],
  variance: number,
  from: number,
  to: number,
): number {
  let xy = 0;
  let yy = 0;
  for (let j = from; j < to; j++) {
    const x = bins[j] as number;
    if (Number.isNaN(x)) continue;
    const y = expected[j] as number;
    xy += x * y;
    yy += y * y;
  }
  if (yy === 0) return 0;
  const level = xy / yy;
  let cost = 0;
  for (let j = from; j < to; j++) {
    const x = bins[j] as number;
    if (Number.isNaN(x)) continue;
    cost += Math.min(BIN_COST_MAX, (x - level * (expected[j] as number)) ** 2 / variance);
  }
  return -cost / 2;
}

function summarise(logs: readonly { log: number; ahead: number }[]): PrecursorPosterior {
  let top = Number.NEGATIVE_INFINITY;
  for (const { log } of logs) top = Math.max(top, log);
  let all = 0;
  let onset = 0;
  let first = 0;
  let second = 0;
  for (const { log, ahead } of logs) {
    const weight = Math.exp(log - top);
    all += weight;
    if (ahead < 0) continue;
    onset += weight;
    first += weight * ahead;
    second += weight * ahead ** 2;
  }
  const meanSlots = onset > 0 ? first / onset : 0;
  const variance = onset > 0 ? Math.max(0, second / onset - meanSlots ** 2) : 0;
  return { probability: onset / all, meanSlots, sdSlots: Math.sqrt(variance) };
}

function meanKnown(bins: readonly number[]): number {
  let sum = 0;
  let n = 0;
  for (const x of bins) {
    if (Number.isNaN(x)) continue;
    sum += x;
    n++;
  }
  return n > 0 ? sum / n : 0;
}
