import { describe, expect, it } from 'vitest';
import { normalCdf, studentQuantile, Z90, Z99 } from './student.ts';

describe('studentQuantile', () => {
  // Tables of Student's t, one-sided.
  it.each([
    { z: Z90, degrees: 3, table: 1.638 },
    { z: Z90, degrees: 5, table: 1.476 },
    { z: Z99, degrees: 4, table: 3.747 },
    { z: Z99, degrees: 10, table: 2.764 },
    { z: Z99, degrees: 30, table: 2.457 },
  ])('agrees with the table at $degrees degrees of freedom', ({ z, degrees, table }) => {
    expect(Math.abs(studentQuantile(z, degrees) / table - 1)).toBeLessThan(0.02);
  });
});

describe('normalCdf', () => {
  it.each([
    { x: 0, table: 0.5 },
    { x: 1, table: 0.8413447 },
    { x: -1.96, table: 0.0249979 },
    { x: Z99, table: 0.99 },
  ])('agrees with the table at $x', ({ x, table }) => {
    expect(normalCdf(x)).toBeCloseTo(table, 6);
  });
});
