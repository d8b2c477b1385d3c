import { multiplyAdd } from './vector';

/**
 * e^x to 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, and e^r = 1 + r + r^2 q(r).
 * The coefficients of q are a least-squares fit at Chebyshev nodes (relative error 4e-9 before
 * rounding). Arguments are clamped to what has a normal float as its result: -86 to 88.
 */
export function exponential(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.splat(-86), f32x4.pmin(f32x4.splat(88), x));
  // Adding 1.5 x 2^23 rounds to a whole number, which then stands in the low bits.
  const magic = f32x4.splat(12582912);
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(f32(Math.LOG2E))), magic);
  const n = f32x4.sub(shifted, magic);
  // ln 2 in two parts; n times the first is exact.
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let q = f32x4.splat(0.00137501187);
  q = multiplyAdd(q, r, f32x4.splat(0.00836927164));
  q = multiplyAdd(q, r, f32x4.splat(0.0416695885));
  q = multiplyAdd(q, r, f32x4.splat(0.166665152));
  q = multiplyAdd(q, r, f32x4.splat(0.499999881));
  const value = f32x4.add(multiplyAdd(f32x4.mul(r, r), q, r), f32x4.splat(1));
  // Times 2^n: n is added to the exponent.
  return i32x4.add(value, i32x4.shl(shifted, 23));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** 2 sigmoid(2x) - 1: right to 1e-7 in absolute terms, not in relative ones near 0. */
export function hyperbolicTangent(x: v128): v128 {
  const two = f32x4.splat(2);
  const below = f32x4.add(f32x4.splat(1), exponential(f32x4.mul(x, f32x4.splat(-2))));
  return f32x4.sub(f32x4.div(two, below), f32x4.splat(1));
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
