import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from './median.ts';
import { NoiseFloor } from './noise-floor.ts';
import { SortedWindow } from './sorted-window.ts';

const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });

describe('SortedWindow', () => {
  it('gives the median and the deviation of exactly the newest numbers', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, capacity) => {
        const window = new SortedWindow(capacity);
        values.forEach((value, index) => {
          window.push(value);
          const newest = values.slice(Math.max(0, index + 1 - capacity), index + 1);
          const middle = median(newest) as number;
          expect(window.count).toBe(newest.length);
          expect(window.median()).toBe(middle);
          expect(window.medianAbsoluteDeviation()).toBe(
            median(newest.map((v) => Math.abs(v - middle))),
          );
          expect(window.quantile(0)).toBe(Math.min(...newest));
          expect(window.quantile(1)).toBe(Math.max(...newest));
        });
      }),
    );
  });

  it('says nothing while empty, and after being cleared', () => {
    const window = new SortedWindow(3);
    window.push(1);
    window.clear();
    expect(window.median()).toBeUndefined();
    expect(window.medianAbsoluteDeviation()).toBeUndefined();
  });

  it('refuses what is not a number', () => {
    expect(() => new SortedWindow(2).push(Number.NaN)).toThrow(/finite/);
  });
});

describe('NoiseFloor', () => {
  it('stands at the median + k x 1.4826 MAD: 3 + 3 x 1.4826 x 1 for 1..5', () => {
    const floor = new NoiseFloor({ capacity: 5 });
    for (const value of [5, 1, 4, 2, 3]) floor.push(value);
    expect(floor.level()).toBeCloseTo(3 + 3 * 1.4826, 9);
  });

  it('is not moved by outliers that fill less than half of the window', () => {
    const floor = new NoiseFloor({ capacity: 11 });
    for (const value of [1, 2, 3, 1, 2, 3, 1e9, 1e9, 1e9, 1e9]) floor.push(value);
    expect(floor.level()).toBeLessThan(20);
  });

  it('assumes the least deviation where the signal does not vary', () => {
    const floor = new NoiseFloor({ capacity: 4, k: 2, sdMin: 0.5 });
    for (let i = 0; i < 4; i++) floor.push(7);
    expect(floor.level()).toBe(8);
  });
});
