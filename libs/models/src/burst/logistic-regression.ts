import { strict as assert } from 'node:assert';

/** Rows of numbers with what became of each. */
export interface LogisticRows {
  /** Row by row, `features` numbers each. */
  inputs: Float64Array;
  features: number;
  /** 0 or 1 for each row. */
  outcomes: Uint8Array;
  /** How many rows each stands for; default 1. */
  weights?: Float64Array;
}

/** A fitted logistic regression, plain data. */
export interface LogisticModel {
  /** One per feature, of the standardised inputs. */
  coefficients: number[];
  intercept: number;
  means: number[];
  deviations: number[];
}

const ITERATIONS_MAX = 25;
const STEP_MIN = 1e-7;

/**
 * Logistic regression with a ridge penalty by iteratively reweighted least squares (McCullagh and
 * Nelder, Generalized Linear Models, 2.5), inputs standardised first.
 * @param ridge penalty on each squared coefficient, in rows; the intercept is free. Default 1.
 */
export function fitLogistic(rows: LogisticRows, { ridge = 1 } = {}): LogisticModel {
  const { features, outcomes } = rows;
  assert(rows.inputs.length === features * outcomes.length && outcomes.length > 0);
  const { means, deviations } = momentsOf(rows);
  const size = features + 1;
  const beta = new Float64Array(size);
  const x = new Float64Array(size);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let row = 0; row < outcomes.length; row++) {
      const weight = rows.weights?.[row] ?? 1;
      x[features] = 1;
      let score = beta[features] as number;
      for (let j = 0; j < features; j++) {
        const value = rows.inputs[row * features + j] as number;
        const scaled = (value - (means[j] as number)) / (deviations[j] as number);
        x[j] = scaled;
        score += scaled * (beta[j] as number);
      }
      const p = sigmoid(score);
      const residual = weight * ((outcomes[row] as number) - p);
      const curvature = weight * Math.max(1e-9, p * (1 - p));
      for (let i = 0; i < size; i++) {
        const xi = x[i] as number;
        gradient[i] = (gradient[i] as number) + residual * xi;
        const scaled = curvature * xi;
        for (let j = 0; j <= i; j++) {
          const at = i * size + j;
          hessian[at] = (hessian[at] as number) + scaled * (x[j] as number);
        }
      }
    }
    for (let i = 0; i < size; i++) {
      if (i < features) gradient[i] = (gradient[i] as number) - ridge * (beta[i] as number);
      hessian[i * size + i] = (hessian[i * size + i] as number) + (i < features ? ridge : 1e-9);
    }
    const step = solveSymmetric(hessian, gradient);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const bounded = Math.max(-2, Math.min(2, step[i] as number));
      beta[i] = (beta[i] as number) + bounded;
      largest = Math.max(largest, Math.abs(bounded));
    }
    if (largest < STEP_MIN) break;
  }
  return {
    coefficients: [...beta.subarray(0, features)],
    intercept: beta[features] as number,
    means: [...means],
    deviations: [...deviations],
  };
}

/** Log odds of one row; `offset` is where it begins in `inputs`. */
export function logisticScore(model: LogisticModel, inputs: Float64Array, offset = 0): number {
  let score = model.intercept;
  for (let j = 0; j < model.coefficients.length; j++) {
    const value = inputs[offset + j] as number;
    const scaled = (value - (model.means[j] as number)) / (model.deviations[j] as number);
    score += scaled * (model.coefficients[j] as number);
  }
  return score;
}

/** 1 / (1 + exp(-x)), without overflow. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function momentsOf(rows: LogisticRows): { means: Float64Array; deviations: Float64Array } {
  const { features, inputs } = rows;
  const count = rows.outcomes.length;
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  for (let at = 0; at < inputs.length; at++) {
    const j = at % features;
    means[j] = (means[j] as number) + (inputs[at] as number) / count;
  }
  for (let at = 0; at < inputs.length; at++) {
    const j = at % features;
    deviations[j] =
      (deviations[j] as number) + ((inputs[at] as number) - (means[j] as number)) ** 2 / count;
  }
  // A feature that never changes says nothing; its coefficient stays at 0 by the penalty.
  const deviationsOf = deviations.map((variance) => Math.sqrt(variance) || 1);
  return { means, deviations: deviationsOf };
}

/** Solve A x = b, A positive definite and given by its lower half, by Cholesky. */
function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = Float64Array.from(a);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] as number) * (l[j * n + k] as number);
      l[i * n + j] = i === j ? Math.sqrt(Math.max(1e-12, sum)) : sum / (l[j * n + j] as number);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (l[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (l[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (l[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (l[i * n + i] as number);
  }
  return x;
}
