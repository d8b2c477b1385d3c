import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedWindow } from './sorted-window.ts';

describe('sorted window', () => {
  it('equals the sorted tail of what was added', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (added, size) => {
        const window = new SortedWindow(size);
        for (const value of added) window.add(value);
        const tail = added.slice(-size).sort((one, other) => one - other);
        expect(window.count).toBe(tail.length);
        for (let rank = 1; rank <= tail.length; rank++) {
          // q just reaching the rank: ceil((n + 1) q) = rank.
          expect(window.quantile(rank / (tail.length + 1))).toBeCloseTo(tail[rank - 1] as number);
        }
      }),
    );
  });

  it.each([
    { count: 99, q: 0.99, expected: 99 },
    { count: 98, q: 0.99, expected: 98 },
    { count: 9, q: 0.9, expected: 9 },
    { count: 9, q: 0.5, expected: 5 },
    { count: 1, q: 0.5, expected: 1 },
  ])('the $q quantile of 1..$count is $expected', ({ count, q, expected }) => {
    const window = new SortedWindow(200);
    for (let value = count; value >= 1; value--) window.add(value);
    expect(window.quantile(q)).toBe(expected);
  });

  it('has no quantile while empty', () => {
    expect(new SortedWindow(3).quantile(0.5)).toBeUndefined();
  });
});
