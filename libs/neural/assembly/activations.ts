import { exponential, hyperbolicTangent, sigmoid, softplus } from './exponential';
import { loadSome, storeSome } from './vector';

// By number, in the order of `activationNumbers` in wasm-workspace.ts.
const RELU: i32 = 1;
const TANH: i32 = 2;
const SIGMOID: i32 = 3;
const SOFTPLUS: i32 = 4;

function value(kind: i32, x: v128): v128 {
  if (kind === RELU) return f32x4.pmax(f32x4.splat(0), x);
  if (kind === TANH) return hyperbolicTangent(x);
  if (kind === SIGMOID) return sigmoid(x);
  if (kind === SOFTPLUS) return softplus(x);
  return x;
}

/** In terms of the value y that the function gave. */
function slope(kind: i32, y: v128): v128 {
  const one = f32x4.splat(1);
  if (kind === RELU) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (kind === TANH) return f32x4.sub(one, f32x4.mul(y, y));
  if (kind === SIGMOID) return f32x4.mul(y, f32x4.sub(one, y));
  if (kind === SOFTPLUS) return f32x4.sub(one, exponential(f32x4.neg(y)));
  return one;
}

export function activate(kind: i32, input: usize, output: usize, length: i32): void {
  let at: usize = 0;
  const whole: usize = (length & ~3) << 2;
  for (; at < whole; at += 16) v128.store(output + at, value(kind, v128.load(input + at)));
  const rest = length & 3;
  if (rest) storeSome(output + at, value(kind, loadSome(input + at, rest)), rest);
}

export function activateBackward(kind: i32, output: usize, gradient: usize, length: i32): void {
  let at: usize = 0;
  const whole: usize = (length & ~3) << 2;
  for (; at < whole; at += 16) {
    const slopes = slope(kind, v128.load(output + at));
    v128.store(gradient + at, f32x4.mul(v128.load(gradient + at), slopes));
  }
  const rest = length & 3;
  if (rest) {
    const slopes = slope(kind, loadSome(output + at, rest));
    storeSome(gradient + at, f32x4.mul(loadSome(gradient + at, rest), slopes), rest);
  }
}
