import { BANDWIDTH_OUTPUTS, QUANTILES, stepOffset } from './bandwidth-outputs.ts';
import { HORIZON } from './bandwidth-windows.ts';

/** What came after one step of a window, counted as the answers are. */
export interface BandwidthTarget {
  /** Of the mean over the next ten seconds. */
  mean: number;
  /** Of each second; NaN where it was not measured. */
  steps: Float64Array;
  /** What an error of one unit weighs: the unit over the mean of the set, so that it is WAPE. */
  weight: number;
}

/** Within this distance absolute errors are squared (Huber), in units: the gradient has no jump. */
const SMOOTH = 0.01;
/** Share of the tails of the mean, and of the steps, in the loss. */
const TAIL_SHARE = 0.5;
const STEP_SHARE = 0.3;
/** Share of the squared error that makes `mean` the expected value. */
const EXPECTED_SHARE = 0.1;
/** Beyond, a square would let one leap out of silence rule the batch. */
const FAR = 3;

/**
 * Loss of one step's answers: the absolute error of the mean over ten seconds (what accuracy is
 * scored by), pinball losses of its tails and of the quantiles of each second (Koenker and Bassett,
 * Econometrica 46, 1978), and a squared error for the expected value of each second.
 * @param output all answers; those of this step begin at `at`
 * @param gradient receives, at the same places, `share` times the derivative
 * @returns the loss, `share` times
 */
export function addStepLoss(of: {
  output: Float32Array;
  gradient: Float32Array;
  at: number;
  target: BandwidthTarget;
  share: number;
}): number {
  const { output, gradient, at, target, share } = of;
  let loss = 0;
  const pinball = (place: number, { actual, q, part }: PinballTerm) => {
    const weight = part * share * target.weight;
    const error = actual - (output[at + place] as number);
    const slope = error >= 0 ? q : 1 - q;
    const size = Math.abs(error);
    const isNear = size < SMOOTH;
    loss += 2 * weight * slope * (isNear ? (size * size) / (2 * SMOOTH) : size - SMOOTH / 2);
    const pull = isNear ? error / SMOOTH : Math.sign(error);
    gradient[at + place] = (gradient[at + place] as number) - 2 * weight * slope * pull;
  };
  for (const [index, q] of QUANTILES.entries()) {
    pinball(index, { actual: target.mean, q, part: q === 0.5 ? 1 : TAIL_SHARE });
  }
  for (let step = 0; step < HORIZON; step++) {
    const actual = target.steps[step] as number;
    if (Number.isNaN(actual)) continue;
    const place = stepOffset(step);
    for (const [index, q] of QUANTILES.entries()) {
      pinball(place + index, { actual, q, part: STEP_SHARE / HORIZON });
    }
    const expected = at + place + QUANTILES.length;
    const weight = (EXPECTED_SHARE / HORIZON) * share * target.weight;
    const error = actual - (output[expected] as number);
    const size = Math.abs(error);
    loss += weight * (size < FAR ? size * size : FAR * (2 * size - FAR));
    const pull = Math.min(FAR, Math.max(-FAR, error));
    gradient[expected] = (gradient[expected] as number) - 2 * weight * pull;
  }
  return loss;
}

interface PinballTerm {
  actual: number;
  q: number;
  part: number;
}

/** Where a step's answers begin among those of [batch, steps]. */
export function outputAt(place: { sequence: number; step: number; steps: number }): number {
  return (place.sequence * place.steps + place.step) * BANDWIDTH_OUTPUTS;
}
