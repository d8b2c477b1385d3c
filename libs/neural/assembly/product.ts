import { packColumns, packRows } from './packing';
import { tile, tileRows } from './tile';
import { addVectorProduct } from './vector-product';

// The matrix product after Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication" (ACM TOMS 34(3), 2008): a part of the second factor that fits the second-level
// cache is packed into panels of 8 columns, 4 rows of the first factor at a time into a strip, and
// a tile of 4 x 8 sums stays in registers over the whole depth of the part.

/** Depth of a part. */
const DEPTH: i32 = 256;
/** Columns of a part; 8 divides it. */
const COLUMNS: i32 = 256;

/** Bytes that `product` works in: a part of b, a strip of a, a tile of sums. */
export function productScratchBytes(): i32 {
  return DEPTH * COLUMNS * 4 + DEPTH * 16 + 128;
}

/**
 * c = a b or c += a b; strides in numbers. `a` is `rows` x `depth`, or the other way round where
 * `transposeA`; `b` likewise.
 */
export function product(
  a: usize,
  strideA: i32,
  transposeA: bool,
  b: usize,
  strideB: i32,
  transposeB: bool,
  c: usize,
  strideC: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  accumulate: bool,
  scratch: usize,
): void {
  if (!accumulate) {
    for (let row = 0; row < rows; row++) {
      memory.fill(c + ((usize(row) * strideC) << 2), 0, columns << 2);
    }
  }
  // Few rows would not pay for the packing.
  if (rows < 4 && !transposeB && !transposeA) {
    for (let row = 0; row < rows; row++) {
      const from = a + ((usize(row) * strideA) << 2);
      addVectorProduct(from, b, strideB, c + ((usize(row) * strideC) << 2), columns, depth);
    }
    return;
  }
  const strip: usize = scratch + DEPTH * COLUMNS * 4;
  for (let column = 0; column < columns; column += COLUMNS) {
    const width = min(COLUMNS, columns - column);
    for (let k = 0; k < depth; k += DEPTH) {
      const deep = min(DEPTH, depth - k);
      const part = transposeB
        ? b + ((usize(column) * strideB + k) << 2)
        : b + ((usize(k) * strideB + column) << 2);
      packColumns(part, strideB, transposeB, deep, width, scratch);
      for (let row = 0; row < rows; row += 4) {
        const from = transposeA
          ? a + ((usize(k) * strideA + row) << 2)
          : a + ((usize(row) * strideA + k) << 2);
        const high = min(4, rows - row);
        packRows(from, strideA, transposeA, deep, high, strip);
        const target = c + ((usize(row) * strideC + column) << 2);
        addStrip(strip, scratch, target, strideC, high, width, deep);
      }
    }
  }
}

/** Adds the product of one strip with all panels to up to 4 rows of c. */
function addStrip(
  strip: usize,
  panels: usize,
  c: usize,
  strideC: i32,
  rows: i32,
  columns: i32,
  depth: i32,
): void {
  const panelBytes: usize = usize(depth) << 5;
  const sums: usize = strip + DEPTH * 16;
  const whole = columns & ~7;
  let panel = panels;
  for (let column = 0; column < columns; column += 8) {
    const target: usize = c + (column << 2);
    if (rows === 4 && column < whole) {
      tile(strip, panel, target, strideC << 2, depth);
    } else {
      memory.fill(sums, 0, 128);
      tile(strip, panel, sums, 32, depth);
      tileRows(sums, target, strideC << 2, rows, min(8, columns - column));
    }
    panel += panelBytes;
  }
}
