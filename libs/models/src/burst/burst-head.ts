/** One-second bins of the hazard: the horizon of 10 s. */
export const HAZARD_BINS = 10;
/** Quantiles of the logarithm of the magnitude. */
export const MAGNITUDE_LEVELS = [0.5, 0.9, 0.99] as const;
/** Outputs of one step: hazards (logits), quantiles of log magnitude, time to the burst / 10 s. */
export const HEAD_OUTPUTS = HAZARD_BINS + MAGNITUDE_LEVELS.length + 1;

const MAGNITUDE_WEIGHT = 0.1;
const TIME_WEIGHT = 0.2;
const TIME_AT = HAZARD_BINS + MAGNITUDE_LEVELS.length;

/** Truths of a batch, step by step: `[batch, steps]`. */
export interface TruthBatch {
  /** Seconds to the next onset; at or beyond the horizon: none within it; NaN: not known. */
  timeS: Float32Array;
  /** Natural logarithm of the burst's peak over the level; only read with an onset. */
  logMagnitude: Float32Array;
}

/**
 * Loss of the burst head (SPEC 3.1): cross-entropy of a discrete hazard over ten one-second bins,
 * pinball loss on the logarithm of the magnitude and squared error of the time, the last two masked
 * where no burst starts. Mean over all steps whose truth is known.
 * @returns the loss; writes its gradient by `output`
 */
export function burstLoss(truth: TruthBatch, output: Float32Array, gradient: Float32Array): number {
  gradient.fill(0);
  let known = 0;
  for (const timeS of truth.timeS) if (!Number.isNaN(timeS)) known += 1;
  if (known === 0) return 0;
  let loss = 0;
  for (let step = 0; step < truth.timeS.length; step++) {
    const timeS = truth.timeS[step] as number;
    if (Number.isNaN(timeS)) continue;
    const at = step * HEAD_OUTPUTS;
    loss += hazardLoss(timeS, { output, gradient, at, scale: 1 / known });
    if (timeS >= HAZARD_BINS) continue;
    const magnitude = truth.logMagnitude[step] as number;
    loss += sizeLoss({ timeS, magnitude }, { output, gradient, at, scale: 1 / known });
  }
  return loss / known;
}

interface StepPlace {
  output: Float32Array;
  gradient: Float32Array;
  at: number;
  scale: number;
}

/** Survival up to the bin of the onset, and the onset in it (Gensheimer and Narasimhan, 2019). */
function hazardLoss(timeS: number, { output, gradient, at, scale }: StepPlace): number {
  const bin = Math.min(HAZARD_BINS, Math.max(0, Math.floor(timeS)));
  let loss = 0;
  for (let k = 0; k < HAZARD_BINS && k <= bin; k++) {
    const logit = output[at + k] as number;
    const target = k === bin ? 1 : 0;
    loss += softplus(logit) - target * logit;
    gradient[at + k] = scale * (sigmoid(logit) - target);
  }
  return loss;
}

function sizeLoss(
  { timeS, magnitude }: { timeS: number; magnitude: number },
  { output, gradient, at, scale }: StepPlace,
): number {
  let loss = 0;
  MAGNITUDE_LEVELS.forEach((level, index) => {
    const place = at + HAZARD_BINS + index;
    const error = magnitude - (output[place] as number);
    loss += MAGNITUDE_WEIGHT * Math.max(level * error, (level - 1) * error);
    gradient[place] = scale * MAGNITUDE_WEIGHT * (error > 0 ? -level : 1 - level);
  });
  const error = (output[at + TIME_AT] as number) - timeS / HAZARD_BINS;
  gradient[at + TIME_AT] = scale * TIME_WEIGHT * 2 * error;
  return loss + TIME_WEIGHT * error * error;
}

/** What the head says of one step, before any calibration. */
export interface BurstOutlook {
  /** Probability that an onset falls in each second ahead. */
  masses: number[];
  /** Sum of the masses: that one falls within the horizon. */
  probability: number;
  /** Magnitudes at `MAGNITUDE_LEVELS`, ascending, multiples of the level. */
  magnitudes: number[];
  /** Time to the burst by the head of its own, seconds. */
  timeS: number;
}

/** Read the outputs of one step. @param offset where they begin; finite numbers in, finite out */
export function readBurstHead(output: ArrayLike<number>, offset = 0): BurstOutlook {
  const masses: number[] = [];
  let survival = 1;
  for (let k = 0; k < HAZARD_BINS; k++) {
    const hazard = sigmoid(output[offset + k] ?? 0);
    masses.push(survival * hazard);
    survival *= 1 - hazard;
  }
  let highest = 1;
  const magnitudes = MAGNITUDE_LEVELS.map((_, index) => {
    const log = Math.min(10, output[offset + HAZARD_BINS + index] ?? 0);
    highest = Math.max(highest, Math.exp(log));
    return highest;
  });
  const time = HAZARD_BINS * (output[offset + TIME_AT] ?? 0);
  return {
    masses,
    probability: 1 - survival,
    magnitudes,
    timeS: Math.min(HAZARD_BINS, Math.max(0, time)),
  };
}

function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
