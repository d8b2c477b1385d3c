import { multiplyAdd } from './vector';

/**
 * Adds a 4 x 8 tile of a product to `c` (rows `strideC` bytes apart): `strip` has 4 numbers for
 * each k, `panel` 8. The eight sums stay in registers.
 */
export function tile(strip: usize, panel: usize, c: usize, strideC: usize, depth: i32): void {
  let left0 = f32x4.splat(0);
  let left1 = left0;
  let left2 = left0;
  let left3 = left0;
  let right0 = left0;
  let right1 = left0;
  let right2 = left0;
  let right3 = left0;
  const end: usize = strip + (usize(depth) << 4);
  while (strip < end) {
    const left = v128.load(panel);
    const right = v128.load(panel, 16);
    let factor = v128.load32_splat(strip);
    left0 = multiplyAdd(factor, left, left0);
    right0 = multiplyAdd(factor, right, right0);
    factor = v128.load32_splat(strip, 4);
    left1 = multiplyAdd(factor, left, left1);
    right1 = multiplyAdd(factor, right, right1);
    factor = v128.load32_splat(strip, 8);
    left2 = multiplyAdd(factor, left, left2);
    right2 = multiplyAdd(factor, right, right2);
    factor = v128.load32_splat(strip, 12);
    left3 = multiplyAdd(factor, left, left3);
    right3 = multiplyAdd(factor, right, right3);
    strip += 16;
    panel += 32;
  }
  addRow(c, left0, right0);
  addRow(c + strideC, left1, right1);
  addRow(c + 2 * strideC, left2, right2);
  addRow(c + 3 * strideC, left3, right3);
}

/** Adds the first `rows` x `columns` of a 4 x 8 tile in memory to `c`. */
export function tileRows(sums: usize, c: usize, strideC: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const to = c + usize(row) * strideC + (column << 2);
      store<f32>(to, load<f32>(to) + load<f32>(sums + (row << 5) + (column << 2)));
    }
  }
}

function addRow(to: usize, left: v128, right: v128): void {
  v128.store(to, f32x4.add(v128.load(to), left));
  v128.store(to, f32x4.add(v128.load(to, 16), right), 16);
}
