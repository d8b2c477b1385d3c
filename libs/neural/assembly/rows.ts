import { add } from './arithmetic';
import { exponential } from './exponential';
import { loadSome, multiplyAdd, storeSome, sumOfLanes } from './vector';

/** Adds `row` to each row of `values`. */
export function addToRows(values: usize, row: usize, rows: i32, columns: i32): void {
  for (let at = 0; at < rows; at++) add(values + ((usize(at) * columns) << 2), row, columns);
}

/** Adds the sum of the rows of `values` to `sums`. */
export function sumRows(values: usize, sums: usize, rows: i32, columns: i32): void {
  for (let at = 0; at < rows; at++) add(sums, values + ((usize(at) * columns) << 2), columns);
}

/** Layer normalisation; see `RowNorm` in workspace.ts. */
export function normalizeRows(
  input: usize,
  gamma: usize,
  beta: usize,
  output: usize,
  normalized: usize,
  inverseDeviation: usize,
  rows: i32,
  columns: i32,
  epsilon: f32,
): void {
  for (let row = 0; row < rows; row++) {
    const from: usize = (usize(row) * columns) << 2;
    const mean = sum(input + from, columns) / f32(columns);
    const means = f32x4.splat(mean);
    const squares = sumOfDistances(input + from, mean, columns);
    const inverse: f32 = 1 / sqrt<f32>(squares / f32(columns) + epsilon);
    const inverses = f32x4.splat(inverse);
    store<f32>(inverseDeviation + (row << 2), inverse);
    for (let i = 0; i < columns; i += 4) {
      const at: usize = from + (i << 2);
      const count = columns - i;
      const value = f32x4.mul(f32x4.sub(read(input + at, count), means), inverses);
      write(normalized + at, value, count);
      const scaled = multiplyAdd(
        value,
        read(gamma + (i << 2), count),
        read(beta + (i << 2), count),
      );
      write(output + at, scaled, count);
    }
  }
}

/** Its backward step; see `RowNormGradient`. */
export function normalizeRowsBackward(
  outputGradient: usize,
  gamma: usize,
  normalized: usize,
  inverseDeviation: usize,
  inputGradient: usize,
  gammaGradient: usize,
  betaGradient: usize,
  rows: i32,
  columns: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const from: usize = (usize(row) * columns) << 2;
    let sums = f32x4.splat(0);
    let correlations = f32x4.splat(0);
    for (let i = 0; i < columns; i += 4) {
      const at: usize = i << 2;
      const count = columns - i;
      const upstream = read(outputGradient + from + at, count);
      const value = read(normalized + from + at, count);
      const product = f32x4.mul(upstream, value);
      const scales = read(gamma + at, count);
      write(gammaGradient + at, f32x4.add(read(gammaGradient + at, count), product), count);
      write(betaGradient + at, f32x4.add(read(betaGradient + at, count), upstream), count);
      sums = multiplyAdd(upstream, scales, sums);
      correlations = multiplyAdd(product, scales, correlations);
    }
    const sum = f32x4.splat(sumOfLanes(sums) / f32(columns));
    const correlation = f32x4.splat(sumOfLanes(correlations) / f32(columns));
    const inverse = v128.load32_splat(inverseDeviation + (row << 2));
    for (let i = 0; i < columns; i += 4) {
      const at: usize = i << 2;
      const count = columns - i;
      const own = f32x4.mul(read(outputGradient + from + at, count), read(gamma + at, count));
      const value = read(normalized + from + at, count);
      const part = multiplyAdd(value, correlation, sum);
      write(inputGradient + from + at, f32x4.mul(inverse, f32x4.sub(own, part)), count);
    }
  }
}

/** Softmax of each row in place. */
export function softmaxRows(values: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    const from: usize = values + ((usize(row) * columns) << 2);
    let largest = load<f32>(from);
    for (let i = 1; i < columns; i++) largest = max(largest, load<f32>(from + (i << 2)));
    const shift = f32x4.splat(largest);
    let total: f32 = 0;
    for (let i = 0; i < columns; i += 4) {
      const at: usize = from + (i << 2);
      const count = columns - i;
      const powers = exponential(f32x4.sub(read(at, count), shift));
      write(at, powers, count);
      total += count >= 4 ? sumOfLanes(powers) : sum(at, count);
    }
    const factor = f32x4.splat(1 / total);
    for (let i = 0; i < columns; i += 4) {
      const at: usize = from + (i << 2);
      write(at, f32x4.mul(read(at, columns - i), factor), columns - i);
    }
  }
}

/** gradient = output (gradient - output . gradient), row by row. */
export function softmaxRowsBackward(output: usize, gradient: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    const from: usize = (usize(row) * columns) << 2;
    let sums = f32x4.splat(0);
    for (let i = 0; i < columns; i += 4) {
      const at: usize = from + (i << 2);
      sums = multiplyAdd(read(output + at, columns - i), read(gradient + at, columns - i), sums);
    }
    const dot = f32x4.splat(sumOfLanes(sums));
    for (let i = 0; i < columns; i += 4) {
      const at: usize = from + (i << 2);
      const distance = f32x4.sub(read(gradient + at, columns - i), dot);
      write(gradient + at, f32x4.mul(read(output + at, columns - i), distance), columns - i);
    }
  }
}

function sum(values: usize, length: i32): f32 {
  let sums = f32x4.splat(0);
  for (let i = 0; i < length; i += 4) {
    sums = f32x4.add(sums, read(values + (i << 2), length - i));
  }
  return sumOfLanes(sums);
}

/** Of the squares of the distances to `mean`. */
function sumOfDistances(values: usize, mean: f32, length: i32): f32 {
  const means = f32x4.splat(mean);
  const whole = length & ~3;
  let sums = f32x4.splat(0);
  for (let i = 0; i < whole; i += 4) {
    const distance = f32x4.sub(v128.load(values + (i << 2)), means);
    sums = multiplyAdd(distance, distance, sums);
  }
  let total = sumOfLanes(sums);
  for (let i = whole; i < length; i++) {
    const distance = load<f32>(values + (i << 2)) - mean;
    total += distance * distance;
  }
  return total;
}

function read(from: usize, count: i32): v128 {
  return count >= 4 ? v128.load(from) : loadSome(from, count);
}

function write(to: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(to, v);
  else storeSome(to, v, count);
}
