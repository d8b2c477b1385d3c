import { SeededRandom } from '@levitate/clock';
import { typescriptKernel } from '../kernel/typescript-kernel.ts';
import type { LossFunction } from '../loss-function.ts';
import { Network } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';

/** Mean of half the squared distance to `target` ([count, outputs]). */
export function squaredLoss(target: ArrayLike<number>): LossFunction {
  return (output, gradient, count) => {
    let sum = 0;
    for (let i = 0; i < output.length; i++) {
      const error = (output[i] as number) - (target[i] as number);
      gradient[i] = error / count;
      sum += error ** 2 / 2 / count;
    }
    return sum;
  };
}

/**
 * Compares every gradient of a network with a central difference, in 64 bits.
 * @returns the largest difference relative to the size of the gradient
 */
export function worstGradientError(spec: NetworkSpec, batch = 3): number {
  const network = new Network(spec, {
    kernel: typescriptKernel({ isDouble: true }),
    seed: 'check',
  });
  const random = new SeededRandom('gradient check');
  const length = batch * spec.steps * spec.features;
  const input = Float64Array.from({ length }, () => random.normal());
  const target = Float64Array.from({ length: batch * network.outputs }, () => random.normal());
  // Weights that start as constants (a bias, gamma) are moved: at 0 and 1 much cancels.
  for (let i = 0; i < network.values.length; i++) {
    (network.values[i] as number) += 0.1 * random.normal();
  }
  const evaluate = () =>
    network.gradients({
      input: input as unknown as Float32Array,
      count: batch,
      loss: squaredLoss(target),
      random: new SeededRandom('the same mask each time'),
    });
  const exact = Float64Array.from(evaluate().gradients);
  const { values } = network;
  let worst = 0;
  for (let i = 0; i < exact.length; i++) {
    const own = values[i] as number;
    const delta = 1e-5;
    values[i] = own + delta;
    const above = evaluate().loss;
    values[i] = own - delta;
    const below = evaluate().loss;
    values[i] = own;
    const numeric = (above - below) / (2 * delta);
    const gradient = exact[i] as number;
    const size = Math.max(1e-3, Math.abs(gradient), Math.abs(numeric));
    worst = Math.max(worst, Math.abs(gradient - numeric) / size);
  }
  return worst;
}
