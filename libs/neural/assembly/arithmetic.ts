import { loadSome, storeSome } from './vector';

/** target += source */
export function add(target: usize, source: usize, length: i32): void {
  let at: usize = 0;
  const whole: usize = (length & ~3) << 2;
  for (; at < whole; at += 16) {
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
  const rest = length & 3;
  if (rest) {
    const sum = f32x4.add(loadSome(target + at, rest), loadSome(source + at, rest));
    storeSome(target + at, sum, rest);
  }
}

/** target *= source */
export function multiply(target: usize, source: usize, length: i32): void {
  let at: usize = 0;
  const whole: usize = (length & ~3) << 2;
  for (; at < whole; at += 16) {
    v128.store(target + at, f32x4.mul(v128.load(target + at), v128.load(source + at)));
  }
  const rest = length & 3;
  if (rest) {
    const product = f32x4.mul(loadSome(target + at, rest), loadSome(source + at, rest));
    storeSome(target + at, product, rest);
  }
}

/** target *= factor */
export function scale(target: usize, factor: f32, length: i32): void {
  const factors = f32x4.splat(factor);
  let at: usize = 0;
  const whole: usize = (length & ~3) << 2;
  for (; at < whole; at += 16) {
    v128.store(target + at, f32x4.mul(v128.load(target + at), factors));
  }
  const rest = length & 3;
  if (rest) storeSome(target + at, f32x4.mul(loadSome(target + at, rest), factors), rest);
}

/** In 64 bits: a norm over all weights has many terms. */
export function sumOfSquares(values: usize, length: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const four = v128.load(values + (i << 2));
    const first = f64x2.promote_low_f32x4(four);
    const last = f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 0));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(last, last));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (let i = whole; i < length; i++) {
    const value = f64(load<f32>(values + (i << 2)));
    sum += value * value;
  }
  return sum;
}
