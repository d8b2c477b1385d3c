import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movingAverage } from './linear.ts';
import { correct, dot, RecursiveLeastSquares } from './recursive-least-squares.ts';

/** Weights by the normal equations (X'X + ridge I) w = X'y, Gauss-Jordan with pivoting. */
function ridgeSolution(input: { rows: number[][]; targets: number[]; ridge: number }): number[] {
  const { rows, targets, ridge } = input;
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) =>
      rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), i === j ? ridge : 0),
    ),
    rows.reduce((sum, row, at) => sum + (row[i] ?? 0) * (targets[at] ?? 0), 0),
  ]);
  for (let column = 0; column < size; column++) {
    const pivot = matrix
      .slice(column)
      .reduce((best, row) =>
        Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best,
      );
    matrix.splice(matrix.indexOf(pivot), 1);
    matrix.splice(column, 0, pivot);
    for (const row of matrix) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let at = column; at <= size; at++) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

describe('recursive least squares', () => {
  it('ends where the ridge regression over all rows ends, targets late or not', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 5 }), (seed, delay) => {
        const random = new SeededRandom(seed);
        const rows = Array.from({ length: 40 }, () => [random.normal(), random.normal(), 1]);
        const targets = rows.map(([a = 0, b = 0]) => 3 * a - 2 * b + 5 + random.normal(0, 0.5));
        const squares = new RecursiveLeastSquares({ inputs: 3, ridge: 0.7 });
        const weights = new Float64Array(3);
        const waiting: { input: Float64Array; gain: Float64Array; target: number }[] = [];
        const settle = () => {
          const next = waiting.shift();
          if (next === undefined) return;
          correct(weights, { gain: next.gain, error: next.target - dot(weights, next.input) });
        };
        for (const [index, row] of rows.entries()) {
          const input = Float64Array.from(row);
          waiting.push({ input, gain: squares.gain(input), target: targets[index] as number });
          if (waiting.length > delay) settle();
        }
        while (waiting.length > 0) settle();
        const expected = ridgeSolution({ rows, targets, ridge: 0.7 });
        for (const [index, weight] of weights.entries()) {
          expect(weight).toBeCloseTo(expected[index] as number, 8);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('moving average', () => {
  it('pads the ends with the end values', () => {
    // (1 + 1 + 4) / 3, (1 + 4 + 7) / 3, (4 + 7 + 7) / 3
    expect(movingAverage([1, 4, 7], 3)).toEqual([2, 4, 6]);
  });
});
