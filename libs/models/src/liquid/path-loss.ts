import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import type { PathExample } from './path-examples.ts';

/** Share of the single seconds beside their mean, which is what forecasts are scored by. */
const SECONDS_SHARE = 0.25;

/**
 * Absolute error of the mean of the next ten seconds plus a share of that of each second, over
 * `meanRate`, that is, this example's part of a WAPE. Writes the gradient of the network's outputs.
 * @param outputs of the network [steps x HORIZON], in trailing levels above the base
 * @param slopes receives the gradient [steps x HORIZON]
 * @returns sum over the steps that count, and their number
 */
export function pathLoss(
  example: PathExample,
  outputs: ArrayLike<number>,
  options: { slopes: Float64Array | Float32Array; meanRate: number; weight: number },
): { sum: number; count: number } {
  const { slopes, meanRate, weight } = options;
  let sum = 0;
  let count = 0;
  for (let t = 0; t < example.steps; t++) {
    const at = t * HORIZON;
    slopes.fill(0, at, at + HORIZON);
    const scale = example.scale[t] as number;
    const base = example.base[t] as number;
    let error = 0;
    let known = 0;
    for (let k = 0; k < HORIZON; k++) {
      const actual = example.actual[at + k] as number;
      if (Number.isNaN(actual)) continue;
      error += base + scale * (outputs[at + k] as number) - actual;
      known++;
    }
    if (known < HORIZON / 2) continue;
    count++;
    sum += Math.abs(error / known) / meanRate;
    const unit = (scale / meanRate / known) * weight;
    for (let k = 0; k < HORIZON; k++) {
      const actual = example.actual[at + k] as number;
      if (Number.isNaN(actual)) continue;
      const own = base + scale * (outputs[at + k] as number) - actual;
      slopes[at + k] = unit * (Math.sign(error) + SECONDS_SHARE * Math.sign(own));
    }
  }
  return { sum, count };
}
