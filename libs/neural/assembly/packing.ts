/**
 * Packs `depth` x `columns` of the second factor into panels of 8 columns, zeros where the last one
 * is not full.
 */
export function packColumns(
  from: usize,
  stride: i32,
  isTransposed: bool,
  depth: i32,
  columns: i32,
  to: usize,
): void {
  const step: usize = usize(stride) << 2;
  for (let column = 0; column < columns; column += 8) {
    const width = min(8, columns - column);
    const source = isTransposed ? from + usize(column) * step : from + (column << 2);
    if (width < 8) packSome(source, step, isTransposed, depth, width, to);
    else if (isTransposed) packTurned(source, step, depth, to);
    else packStraight(source, step, depth, to);
    to += usize(depth) << 5;
  }
}

/** Packs up to 4 rows of the first factor into a strip of 4 numbers for each k. */
export function packRows(
  from: usize,
  stride: i32,
  isTransposed: bool,
  depth: i32,
  rows: i32,
  to: usize,
): void {
  const step: usize = usize(stride) << 2;
  if (rows < 4) {
    memory.fill(to, 0, depth << 4);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < depth; k++) {
        const at = isTransposed ? usize(k) * step + (row << 2) : usize(row) * step + (k << 2);
        store<f32>(to + (k << 4) + (row << 2), load<f32>(from + at));
      }
    }
    return;
  }
  if (isTransposed) {
    for (let k = 0; k < depth; k++) v128.store(to + (k << 4), v128.load(from + usize(k) * step));
    return;
  }
  let k = 0;
  for (; k + 4 <= depth; k += 4) turnFour(from + (k << 2), step, to + (k << 4), 16);
  for (; k < depth; k++) {
    for (let row = 0; row < 4; row++) {
      store<f32>(to + (k << 4) + (row << 2), load<f32>(from + usize(row) * step + (k << 2)));
    }
  }
}

function packStraight(from: usize, step: usize, depth: i32, to: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += step;
    to += 32;
  }
}

function packTurned(from: usize, step: usize, depth: i32, to: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    turnFour(from + (k << 2), step, to + (k << 5), 32);
    turnFour(from + 4 * step + (k << 2), step, to + (k << 5) + 16, 32);
  }
  for (; k < depth; k++) {
    for (let column = 0; column < 8; column++) {
      const value = load<f32>(from + usize(column) * step + (k << 2));
      store<f32>(to + (k << 5) + (column << 2), value);
    }
  }
}

function packSome(
  from: usize,
  step: usize,
  isTransposed: bool,
  depth: i32,
  width: i32,
  to: usize,
): void {
  memory.fill(to, 0, depth << 5);
  for (let k = 0; k < depth; k++) {
    for (let column = 0; column < width; column++) {
      const at = isTransposed ? usize(column) * step + (k << 2) : usize(k) * step + (column << 2);
      store<f32>(to + (k << 5) + (column << 2), load<f32>(from + at));
    }
  }
}

/** Turns a square of 4 x 4: rows `step` bytes apart become columns, `apart` bytes apart. */
function turnFour(from: usize, step: usize, to: usize, apart: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + step);
  const c = v128.load(from + 2 * step);
  const d = v128.load(from + 3 * step);
  const abLow = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdLow = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(abLow, cdLow, 0, 2));
  v128.store(to + apart, i64x2.shuffle(abLow, cdLow, 1, 3));
  v128.store(to + 2 * apart, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * apart, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}
