/**
 * e^x in float64, two at a time, to about 2 units in the last place: x = n ln 2 + r,
 * |r| <= ln 2 / 2, and e^r by its series up to r^13 (what is left out is below 4e-18). Arguments
 * are clamped to what has a normal number as its result: -708 to 709.
 */
export function exponential64(x: v128): v128 {
  const clamped = f64x2.pmax(f64x2.splat(-708), f64x2.pmin(f64x2.splat(709), x));
  // Adding 1.5 x 2^52 rounds to a whole number, which then stands in the low bits.
  const magic = f64x2.splat(6755399441055744);
  const shifted = f64x2.add(f64x2.mul(clamped, f64x2.splat(Math.LOG2E)), magic);
  const n = f64x2.sub(shifted, magic);
  // ln 2 in two parts; the first has 21 zero bits at its end, so that n times it is exact.
  let r = f64x2.sub(clamped, f64x2.mul(n, f64x2.splat(0.6931471803691238)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.9082149292705877e-10)));
  // Even and odd powers side by side: half as long a chain.
  const square = f64x2.mul(r, r);
  let even = f64x2.splat(1.0 / 479001600);
  let odd = f64x2.splat(1.0 / 6227020800);
  even = f64x2.add(f64x2.mul(even, square), f64x2.splat(1.0 / 3628800));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1.0 / 39916800));
  even = f64x2.add(f64x2.mul(even, square), f64x2.splat(1.0 / 40320));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1.0 / 362880));
  even = f64x2.add(f64x2.mul(even, square), f64x2.splat(1.0 / 720));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1.0 / 5040));
  even = f64x2.add(f64x2.mul(even, square), f64x2.splat(1.0 / 24));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1.0 / 120));
  even = f64x2.add(f64x2.mul(even, square), f64x2.splat(0.5));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1.0 / 6));
  odd = f64x2.add(f64x2.mul(odd, square), f64x2.splat(1));
  const value = f64x2.add(f64x2.add(f64x2.mul(even, square), f64x2.mul(odd, r)), f64x2.splat(1));
  // Times 2^n: n is added to the exponent.
  return i64x2.add(value, i64x2.shl(shifted, 52));
}

/** 1 / (1 + e^-x). */
export function sigmoid64(x: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.div(one, f64x2.add(one, exponential64(f64x2.neg(x))));
}

/** 1 - 2 / (1 + e^2x): right to 1e-16 in absolute terms, not in relative ones near 0. */
export function hyperbolicTangent64(x: v128): v128 {
  const one = f64x2.splat(1);
  const two = f64x2.splat(2);
  return f64x2.sub(one, f64x2.div(two, f64x2.add(one, exponential64(f64x2.mul(x, two)))));
}
