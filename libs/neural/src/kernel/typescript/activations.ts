import type { Activation } from '../workspace.ts';

/** 1 / (1 + e^-x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** ln(1 + e^x), without an overflow on the way. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

const functions: Record<Activation, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid,
  softplus,
};

/** Slopes in terms of the value y that the function gave. */
const slopes: Record<Activation, (y: number) => number> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
  // e^y = 1 + e^x, so the slope e^x / (1 + e^x) is 1 - e^-y.
  softplus: (y) => -Math.expm1(-y),
};

/** output = activation(input). */
export function activate(
  kind: Activation,
  input: Float32Array,
  output: Float32Array,
  length: number,
): void {
  const value = functions[kind];
  for (let i = 0; i < length; i++) output[i] = value(input[i] as number);
}

/** gradient *= slope. */
export function activateBackward(
  kind: Activation,
  output: Float32Array,
  gradient: Float32Array,
  length: number,
): void {
  const slope = slopes[kind];
  for (let i = 0; i < length; i++) (gradient[i] as number) *= slope(output[i] as number);
}
