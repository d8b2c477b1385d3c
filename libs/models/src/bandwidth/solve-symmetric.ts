import { strict as assert } from 'node:assert';

/**
 * Solve A x = b for a symmetric positive definite A by Cholesky's decomposition.
 * @param matrix row by row; only the lower triangle is read, and overwritten
 * @throws AssertionError where A is not positive definite
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  assert(matrix.length === size * size, `${matrix.length} numbers are no ${size} x ${size}`);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] as number;
      for (let k = 0; k < column; k++) {
        sum -= (matrix[row * size + k] as number) * (matrix[column * size + k] as number);
      }
      if (row === column) assert(sum > 0, 'the matrix is not positive definite');
      const pivot = matrix[column * size + column] as number;
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / pivot;
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) {
      solution[row] = at(solution, row) - at(matrix, row * size + k) * at(solution, k);
    }
    solution[row] = at(solution, row) / at(matrix, row * size + row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) {
      solution[row] = at(solution, row) - at(matrix, k * size + row) * at(solution, k);
    }
    solution[row] = at(solution, row) / at(matrix, row * size + row);
  }
  return solution;
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
