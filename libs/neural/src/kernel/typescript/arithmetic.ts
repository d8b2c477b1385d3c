import type { AdamStep } from '../workspace.ts';

/** target += source */
export function add(target: Float32Array, source: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) (target[i] as number) += source[i] as number;
}

/** target *= source */
export function multiply(target: Float32Array, source: Float32Array, length: number): void {
  for (let i = 0; i < length; i++) (target[i] as number) *= source[i] as number;
}

/** target *= factor */
export function scale(target: Float32Array, factor: number, length: number): void {
  for (let i = 0; i < length; i++) (target[i] as number) *= factor;
}

/** The square of the Euclidean norm. */
export function sumOfSquares(values: Float32Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (values[i] as number) ** 2;
  return sum;
}

/** Adds the sum of the rows of `values` to `sums`. */
export function sumRows(
  values: Float32Array,
  sums: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let column = 0; column < columns; column++) {
    let sum = sums[column] as number;
    for (let row = 0; row < rows; row++) sum += values[row * columns + column] as number;
    sums[column] = sum;
  }
}

/** One update of Adam. */
export function adam(step: AdamStep): void {
  const { values, gradients, firstMoment, secondMoment, gradientScale, beta1, beta2 } = step;
  for (let i = 0; i < step.length; i++) {
    const gradient = (gradients[i] as number) * gradientScale;
    const first = beta1 * (firstMoment[i] as number) + (1 - beta1) * gradient;
    const second = beta2 * (secondMoment[i] as number) + (1 - beta2) * gradient * gradient;
    firstMoment[i] = first;
    secondMoment[i] = second;
    const deviation = Math.sqrt(second * step.secondCorrection) + step.epsilon;
    (values[i] as number) -= (step.rate * first) / deviation;
  }
}
