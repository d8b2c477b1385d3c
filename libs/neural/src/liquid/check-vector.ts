import { LiquidNetwork } from './liquid-network.ts';
import type { LiquidArray, LiquidArrays } from './liquid-parameters.ts';

/** A reference vector: a network by config and parameters, an input, and what must come out. */
export interface LiquidVector {
  name: string;
  config: unknown;
  /** [batch, steps, inputs] */
  x: LiquidArray;
  /** [batch, steps, 1], or `null`: 1 for each. */
  timespans: LiquidArray | null;
  params: LiquidArrays;
  /** [batch, steps, outputs] */
  y: LiquidArray;
  /** Final state [batch, units], with mixed memory that of the memory after it. */
  h: readonly ArrayLike<number>[];
  /** Of the sum of y squared. */
  grad_of_sum_y2: Readonly<Record<string, ArrayLike<number>>>;
  wiring?: { output_dim: number };
}

/** Largest absolute differences from a reference vector. */
export interface VectorErrors {
  /** Of outputs and final states. */
  output: number;
  gradient: number;
}

/** Run a reference vector forward and backward and say how far from it the result is. */
export function checkVector(vector: LiquidVector): VectorErrors {
  const { x, timespans, y, h, wiring } = vector;
  const [batch = 0, steps = 0, inputs = 0] = x.shape;
  const outputs = wiring?.output_dim ?? y.shape[2] ?? 0;
  const network = new LiquidNetwork({ config: vector.config, parameters: vector.params, outputs });
  const errors = { output: 0, gradient: 0 };
  const { units } = network;
  for (let b = 0; b < batch; b++) {
    const state = network.openState();
    const values = part(x.data, b * steps * inputs, steps * inputs);
    const spans = timespans === null ? undefined : part(timespans.data, b * steps, steps);
    const output = network.forward({ values, steps, timespans: spans }, state);
    const expected = part(y.data, b * output.length, output.length);
    errors.output = Math.max(errors.output, distance(output, expected));
    network.backward(output.map((value) => 2 * value));
    [state.hidden, state.memory].forEach((found, index) => {
      if (found === undefined) return;
      const last = part(h[index] as ArrayLike<number>, b * units, units);
      errors.output = Math.max(errors.output, distance(found, last));
    });
  }
  for (const [name, expected] of Object.entries(vector.grad_of_sum_y2)) {
    const { gradients } = network.parameters.get(name);
    errors.gradient = Math.max(errors.gradient, distance(gradients, expected));
  }
  return errors;
}

function part(values: ArrayLike<number>, at: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => values[at + index] ?? Number.NaN);
}

/** A number that is missing, or not one, is infinitely far. */
function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let index = 0; index < found.length; index++) {
    const error = Math.abs((found[index] as number) - (expected[index] as number));
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, error);
  }
  return worst;
}
