import { SortedWindow } from '@levitate/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformalQuantile } from './conformal-quantile.ts';

describe('conformal quantile', () => {
  it.each([
    { count: 99, q: 0.99, expected: 99 },
    { count: 98, q: 0.99, expected: 98 },
    { count: 100, q: 0.99, expected: 100 },
    { count: 9, q: 0.9, expected: 9 },
    { count: 9, q: 0.5, expected: 5 },
    { count: 2, q: 0.5, expected: 2 },
    { count: 1, q: 0.5, expected: 1 },
  ])('at $q over 1..$count is $expected', ({ count, q, expected }) => {
    const window = new SortedWindow(200);
    for (let value = count; value >= 1; value--) window.push(value);
    expect(conformalQuantile(window, q)).toBeCloseTo(expected, 9);
  });

  it('covers at least what it claims when the next value is any of the window and itself', () => {
    // Exchangeability: each of n + 1 values is as likely to be the next one.
    const sets = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(sets, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (values, q) => {
        const covered = values.filter((next, index) => {
          const window = new SortedWindow(values.length);
          for (const [at, value] of values.entries()) if (at !== index) window.push(value);
          return next <= (conformalQuantile(window, q) ?? Number.NaN) + 1e-6;
        });
        expect(covered.length / values.length).toBeGreaterThanOrEqual(q - 1e-9);
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(conformalQuantile(new SortedWindow(3), 0.5)).toBeUndefined();
  });
});
