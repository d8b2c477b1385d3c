import { loadSome, storeSome } from './vector';

/** One update of Adam; `gradient` is multiplied by `gradientScale` first. */
export function adam(
  values: usize,
  gradients: usize,
  firstMoment: usize,
  secondMoment: usize,
  gradientScale: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  secondCorrection: f32,
  epsilon: f32,
  length: i32,
): void {
  for (let i = 0; i < length; i += 4) {
    const at: usize = i << 2;
    const count = min(4, length - i);
    const gradient = f32x4.mul(read(gradients + at, count), f32x4.splat(gradientScale));
    const fresh = f32x4.mul(f32x4.splat(1 - beta1), gradient);
    const kept = f32x4.mul(f32x4.splat(beta1), read(firstMoment + at, count));
    const first = f32x4.add(kept, fresh);
    const freshSquare = f32x4.mul(f32x4.splat(1 - beta2), f32x4.mul(gradient, gradient));
    const keptSquare = f32x4.mul(f32x4.splat(beta2), read(secondMoment + at, count));
    const second = f32x4.add(keptSquare, freshSquare);
    const root = f32x4.sqrt(f32x4.mul(second, f32x4.splat(secondCorrection)));
    const deviation = f32x4.add(root, f32x4.splat(epsilon));
    const move = f32x4.div(f32x4.mul(f32x4.splat(rate), first), deviation);
    write(firstMoment + at, first, count);
    write(secondMoment + at, second, count);
    write(values + at, f32x4.sub(read(values + at, count), move), count);
  }
}

function read(from: usize, count: i32): v128 {
  return count === 4 ? v128.load(from) : loadSome(from, count);
}

function write(to: usize, v: v128, count: i32): void {
  if (count === 4) v128.store(to, v);
  else storeSome(to, v, count);
}
