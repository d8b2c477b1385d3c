import type { RowNorm, RowNormGradient } from '../workspace.ts';

/** Adds `row` to each row of `values`. */
export function addToRows(
  values: Float32Array,
  row: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let at = 0; at < rows; at++) {
    for (let column = 0; column < columns; column++) {
      (values[at * columns + column] as number) += row[column] as number;
    }
  }
}

/** Layer normalisation (Ba, Kiros and Hinton 2016), over the last axis. */
export function normalizeRows(norm: RowNorm): void {
  const { input, gamma, beta, output, normalized, inverseDeviation, rows, columns } = norm;
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += input[from + i] as number;
    const mean = sum / columns;
    let squares = 0;
    for (let i = 0; i < columns; i++) squares += ((input[from + i] as number) - mean) ** 2;
    const inverse = 1 / Math.sqrt(squares / columns + norm.epsilon);
    inverseDeviation[row] = inverse;
    for (let i = 0; i < columns; i++) {
      const value = ((input[from + i] as number) - mean) * inverse;
      normalized[from + i] = value;
      output[from + i] = value * (gamma[i] as number) + (beta[i] as number);
    }
  }
}

/** The backward step of `normalizeRows`; the mean and the deviation depend on the input too. */
export function normalizeRowsBackward(norm: RowNormGradient): void {
  const { outputGradient, gamma, normalized, inverseDeviation, inputGradient } = norm;
  const { gammaGradient, betaGradient, rows, columns } = norm;
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let sum = 0;
    let correlation = 0;
    for (let i = 0; i < columns; i++) {
      const upstream = outputGradient[from + i] as number;
      const value = normalized[from + i] as number;
      (gammaGradient[i] as number) += upstream * value;
      (betaGradient[i] as number) += upstream;
      sum += upstream * (gamma[i] as number);
      correlation += upstream * (gamma[i] as number) * value;
    }
    const inverse = inverseDeviation[row] as number;
    for (let i = 0; i < columns; i++) {
      const own = (outputGradient[from + i] as number) * (gamma[i] as number);
      const value = normalized[from + i] as number;
      inputGradient[from + i] = inverse * (own - (sum + value * correlation) / columns);
    }
  }
}

/** Softmax of each row in place; the largest is taken off first, so nothing overflows. */
export function softmaxRows(values: Float32Array, rows: number, columns: number): void {
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < columns; i++) largest = Math.max(largest, values[from + i] as number);
    let sum = 0;
    for (let i = 0; i < columns; i++) {
      const value = Math.exp((values[from + i] as number) - largest);
      values[from + i] = value;
      sum += value;
    }
    for (let i = 0; i < columns; i++) (values[from + i] as number) /= sum;
  }
}

/** With s the softmax and g its gradient: s (g - s·g). */
export function softmaxRowsBackward(
  output: Float32Array,
  gradient: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let dot = 0;
    for (let i = from; i < from + columns; i++) {
      dot += (output[i] as number) * (gradient[i] as number);
    }
    for (let i = from; i < from + columns; i++) {
      gradient[i] = (output[i] as number) * ((gradient[i] as number) - dot);
    }
  }
}
