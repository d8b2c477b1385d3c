import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { solveSymmetric } from './solve-symmetric.ts';

it('solves a system that a product of random matrices makes', () => {
  const size = 12;
  const random = new SeededRandom('solve');
  const root = Float64Array.from({ length: size * size }, () => random.normal());
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    let sum = row === column ? 0.1 : 0;
    for (let k = 0; k < size; k++)
      sum += (root[row * size + k] ?? 0) * (root[column * size + k] ?? 0);
    return sum;
  });
  const wanted = Float64Array.from({ length: size }, (_, at) => at - 5);
  const right = wanted.map((_, row) =>
    wanted.reduce((sum, value, column) => sum + (matrix[row * size + column] ?? 0) * value, 0),
  );
  const solution = solveSymmetric(matrix, right);
  expect([...solution]).toEqual([...wanted].map((value) => expect.closeTo(value, 8)));
});

it('refuses a matrix that is not positive definite', () => {
  expect(() => solveSymmetric(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toThrow(
    /positive definite/,
  );
});
