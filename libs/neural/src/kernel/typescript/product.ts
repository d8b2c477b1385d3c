import type { Matrix, ProductOptions } from '../workspace.ts';

/** c = a b or c += a b, each factor transposed where asked. Sums are kept in 64 bits. */
export function product(a: Matrix, b: Matrix, c: Matrix, options: ProductOptions = {}): void {
  const { transposeA = false, transposeB = false, accumulate = false } = options;
  const depth = transposeA ? a.rows : a.columns;
  // The second factor is walked along its rows; a transposed one is turned once.
  const right = transposeB ? transposed(b) : b;
  const sums = new Float64Array(c.columns);
  const left = { row: transposeA ? 1 : a.stride, step: transposeA ? a.stride : 1 };
  for (let row = 0; row < c.rows; row++) {
    const target = row * c.stride;
    for (let column = 0; column < c.columns; column++) {
      sums[column] = accumulate ? (c.values[target + column] as number) : 0;
    }
    for (let k = 0; k < depth; k++) {
      const factor = a.values[row * left.row + k * left.step] as number;
      const source = k * right.stride;
      for (let column = 0; column < c.columns; column++) {
        (sums[column] as number) += factor * (right.values[source + column] as number);
      }
    }
    for (let column = 0; column < c.columns; column++) {
      c.values[target + column] = sums[column] as number;
    }
  }
}

function transposed({ values, rows, columns, stride }: Matrix): Matrix {
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * stride + column] as number;
    }
  }
  const wide = turned as unknown as Float32Array;
  return { values: wide, rows: columns, columns: rows, stride: rows };
}
