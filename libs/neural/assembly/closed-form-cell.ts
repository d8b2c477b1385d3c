import { hyperbolicTangent64, sigmoid64 } from './exponential64';

/**
 * One step of a closed-form cell of mode `default` without a backbone, in float64; see `CfcHeads`.
 * Four units at a time, each sum in the order of the columns. `weights` holds, for every four units
 * and each column, their W1, W2, Wa and Wb: 16 numbers; `biases` the same of b1, b2, ba and bb.
 * `units` is a multiple of four, and `next` has as many places.
 */
export function closedFormCell(
  z: usize,
  weights: usize,
  biases: usize,
  next: usize,
  columns: i32,
  units: i32,
  timespan: f64,
): void {
  const time = f64x2.splat(timespan);
  const end = z + (usize(columns) << 3);
  const last = next + (usize(units) << 3);
  let w = weights;
  for (; next < last; next += 32, biases += 128) {
    let first0 = v128.load(biases);
    let first1 = v128.load(biases, 16);
    let second0 = v128.load(biases, 32);
    let second1 = v128.load(biases, 48);
    let rate0 = v128.load(biases, 64);
    let rate1 = v128.load(biases, 80);
    let offset0 = v128.load(biases, 96);
    let offset1 = v128.load(biases, 112);
    for (let at = z; at < end; at += 8, w += 128) {
      const x = v128.load64_splat(at);
      first0 = f64x2.add(first0, f64x2.mul(x, v128.load(w)));
      first1 = f64x2.add(first1, f64x2.mul(x, v128.load(w, 16)));
      second0 = f64x2.add(second0, f64x2.mul(x, v128.load(w, 32)));
      second1 = f64x2.add(second1, f64x2.mul(x, v128.load(w, 48)));
      rate0 = f64x2.add(rate0, f64x2.mul(x, v128.load(w, 64)));
      rate1 = f64x2.add(rate1, f64x2.mul(x, v128.load(w, 80)));
      offset0 = f64x2.add(offset0, f64x2.mul(x, v128.load(w, 96)));
      offset1 = f64x2.add(offset1, f64x2.mul(x, v128.load(w, 112)));
    }
    v128.store(next, between(first0, second0, f64x2.add(f64x2.mul(rate0, time), offset0)));
    v128.store(next, between(first1, second1, f64x2.add(f64x2.mul(rate1, time), offset1)), 16);
  }
}

/** f (1 - s) + s g. */
function between(first: v128, second: v128, gate: v128): v128 {
  const f = hyperbolicTangent64(first);
  const g = hyperbolicTangent64(second);
  const s = sigmoid64(gate);
  return f64x2.add(f64x2.mul(f, f64x2.sub(f64x2.splat(1), s)), f64x2.mul(s, g));
}
