import type { LiquidSequence } from './check-sequence.ts';
import type { LiquidNetwork } from './liquid-network.ts';

/** How far two gradients of the sum of squared outputs are apart, relative to their size. */
export interface GradientGap {
  parameter: string;
  gap: number;
}

/**
 * Set the exact gradient of the sum of squared outputs beside central differences, for `count`
 * numbers of each parameter. For tests: it runs the network twice a number.
 * @returns the parameter with the largest gap
 */
export function worstGradientGap(
  network: LiquidNetwork,
  sequence: LiquidSequence,
  count = 6,
): GradientGap {
  const loss = () => network.forward(sequence).reduce((sum, value) => sum + value * value, 0);
  network.parameters.gradients.fill(0);
  const dInput = network.backward(network.forward(sequence).map((value) => 2 * value));
  const checked = network.parameters.list.map((parameter) => ({ ...parameter }));
  const input = { name: 'input', shape: [], values: sequence.values, gradients: dInput };
  let worst: GradientGap = { parameter: '', gap: 0 };
  for (const { name, values, gradients } of [...checked, input]) {
    const stride = Math.max(1, Math.floor(values.length / count));
    for (let index = 0; index < values.length; index += stride) {
      const numeric = centralDifference(values, index, loss);
      const exact = gradients[index] as number;
      const gap = Math.abs(exact - numeric) / Math.max(1, Math.abs(exact), Math.abs(numeric));
      if (gap > worst.gap || Number.isNaN(gap)) worst = { parameter: `${name}[${index}]`, gap };
    }
  }
  return worst;
}

const STEP = 1e-5;

function centralDifference(values: Float64Array, index: number, loss: () => number): number {
  const kept = values[index] as number;
  values[index] = kept + STEP;
  const above = loss();
  values[index] = kept - STEP;
  const below = loss();
  values[index] = kept;
  return (above - below) / (2 * STEP);
}
