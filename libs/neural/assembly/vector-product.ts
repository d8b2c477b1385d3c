import { multiplyAdd } from './vector';

/**
 * c += a b for one row `a`: eight rows of b at a time are read as eight streams, each in order,
 * which is as fast as the second-level cache gives them.
 */
export function addVectorProduct(
  a: usize,
  b: usize,
  stride: i32,
  c: usize,
  columns: i32,
  depth: i32,
): void {
  const step: usize = usize(stride) << 2;
  let k = 0;
  for (; k + 8 <= depth; k += 8) addEight(a + (k << 2), b + usize(k) * step, step, c, columns);
  for (; k < depth; k++) addOne(a + (k << 2), b + usize(k) * step, c, columns);
}

function addEight(a: usize, b: usize, step: usize, c: usize, columns: i32): void {
  const f0 = v128.load32_splat(a);
  const f1 = v128.load32_splat(a, 4);
  const f2 = v128.load32_splat(a, 8);
  const f3 = v128.load32_splat(a, 12);
  const f4 = v128.load32_splat(a, 16);
  const f5 = v128.load32_splat(a, 20);
  const f6 = v128.load32_splat(a, 24);
  const f7 = v128.load32_splat(a, 28);
  const b4 = b + 4 * step;
  const whole: usize = (columns & ~3) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    let low = v128.load(c + at);
    low = multiplyAdd(f0, v128.load(b + at), low);
    low = multiplyAdd(f1, v128.load(b + step + at), low);
    low = multiplyAdd(f2, v128.load(b + 2 * step + at), low);
    low = multiplyAdd(f3, v128.load(b + 3 * step + at), low);
    let high = f32x4.mul(f4, v128.load(b4 + at));
    high = multiplyAdd(f5, v128.load(b4 + step + at), high);
    high = multiplyAdd(f6, v128.load(b4 + 2 * step + at), high);
    high = multiplyAdd(f7, v128.load(b4 + 3 * step + at), high);
    v128.store(c + at, f32x4.add(low, high));
  }
  for (let k = 0; k < 8; k++) addSome(a + (k << 2), b + usize(k) * step, c, columns);
}

function addOne(a: usize, b: usize, c: usize, columns: i32): void {
  const factor = v128.load32_splat(a);
  const whole: usize = (columns & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(c + at, multiplyAdd(factor, v128.load(b + at), v128.load(c + at)));
  }
  addSome(a, b, c, columns);
}

/** The columns that do not fill a vector. */
function addSome(a: usize, b: usize, c: usize, columns: i32): void {
  for (let column = columns & ~3; column < columns; column++) {
    const to = c + (column << 2);
    store<f32>(to, load<f32>(to) + load<f32>(a) * load<f32>(b + (column << 2)));
  }
}
