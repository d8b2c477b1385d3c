import { multiplyAdd } from './vector';

/**
 * The constants of `exponential` and what it serves. In memory: engines build a constant vector
 * anew wherever it stands, in three instructions, which was a quarter of the time of an LSTM cell.
 */
const constants: usize = memory.data<f32>([
  -86,
  88,
  12582912,
  f32(Math.LOG2E),
  0.693359375,
  -2.1219444e-4,
  0.00137501187,
  0.00836927164,
  0.0416695885,
  0.166665152,
  0.499999881,
  1,
  2,
  -2,
]);
// Where each of them stands, in bytes.
const LEAST: usize = 0;
const MOST: usize = 4;
const MAGIC: usize = 8;
const LOG2E: usize = 12;
const LN2_HIGH: usize = 16;
const LN2_LOW: usize = 20;
const Q5: usize = 24;
const Q4: usize = 28;
const Q3: usize = 32;
const Q2: usize = 36;
const Q1: usize = 40;
const ONE: usize = 44;
const TWO: usize = 48;
const MINUS_TWO: usize = 52;

function constant(place: usize): v128 {
  return v128.load32_splat(constants + place);
}

/**
 * e^x to 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, and e^r = 1 + r + r^2 q(r).
 * The coefficients of q are a least-squares fit at Chebyshev nodes (relative error 4e-9 before
 * rounding). Arguments are clamped to what has a normal float as its result: -86 to 88.
 */
export function exponential(x: v128): v128 {
  const clamped = f32x4.pmax(constant(LEAST), f32x4.pmin(constant(MOST), x));
  // Adding 1.5 x 2^23 rounds to a whole number, which then stands in the low bits.
  const magic = constant(MAGIC);
  const shifted = f32x4.add(f32x4.mul(clamped, constant(LOG2E)), magic);
  const n = f32x4.sub(shifted, magic);
  // ln 2 in two parts; n times the first is exact.
  let r = f32x4.sub(clamped, f32x4.mul(n, constant(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, constant(LN2_LOW)));
  let q = constant(Q5);
  q = multiplyAdd(q, r, constant(Q4));
  q = multiplyAdd(q, r, constant(Q3));
  q = multiplyAdd(q, r, constant(Q2));
  q = multiplyAdd(q, r, constant(Q1));
  const value = f32x4.add(multiplyAdd(f32x4.mul(r, r), q, r), constant(ONE));
  // Times 2^n: n is added to the exponent.
  return i32x4.add(value, i32x4.shl(shifted, 23));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** 2 sigmoid(2x) - 1: right to 1e-7 in absolute terms, not in relative ones near 0. */
export function hyperbolicTangent(x: v128): v128 {
  const two = constant(TWO);
  const below = f32x4.add(constant(ONE), exponential(f32x4.mul(x, constant(MINUS_TWO))));
  return f32x4.sub(f32x4.div(two, below), constant(ONE));
}

/**
 * ln(1 + e^x) = max(x, 0) + ln(1 + u), u = e^-|x|, with ln(1 + u) = 2 artanh(s), s = u / (2 + u)
 * <= 1/3, by its series.
 */
export function softplus(x: v128): v128 {
  const u = exponential(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(u, f32x4.add(u, f32x4.splat(2)));
  const square = f32x4.mul(s, s);
  let series = f32x4.splat(2.0 / 15);
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 13));
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 11));
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 9));
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 7));
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 5));
  series = multiplyAdd(series, square, f32x4.splat(2.0 / 3));
  series = multiplyAdd(series, square, f32x4.splat(2));
  return f32x4.add(f32x4.pmax(f32x4.splat(0), x), f32x4.mul(s, series));
}
