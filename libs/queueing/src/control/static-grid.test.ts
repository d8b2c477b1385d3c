import { describe, expect, it } from 'vitest';
import { bestStatic, ownStaticCosts, runStatics, sizeGrid } from './static-grid.ts';

describe('sizeGrid', () => {
  it('climbs by at most a tenth, or by one, from least to most', () => {
    const bytes = sizeGrid({ min: 30_000, max: 1_837_500 });
    expect([bytes[0], bytes.at(-1)]).toEqual([30_000, 1_837_500]);
    bytes.slice(1).forEach((size, index) => {
      const step = size / (bytes[index] as number);
      expect(step).toBeGreaterThan(1);
      expect(step).toBeLessThan(1.1000001);
    });
    const threads = sizeGrid({ min: 4, max: 128, isWhole: true });
    expect(threads.slice(0, 4)).toEqual([4, 5, 6, 7]);
    expect(threads.at(-1)).toBe(128);
    threads.slice(1).forEach((size, index) => {
      const before = threads[index] as number;
      expect(size === before + 1 || size <= 1.1 * before).toBe(true);
    });
  });
});

describe('runStatics', () => {
  const costsOf = (size: number, best: number) => ({
    standard: Math.abs(size - best),
    alt1: Math.abs(size - best - 2),
    alt2: Math.abs(size - best + 1),
  });
  const tuning = runStatics({ sizes: [1, 2, 3, 4, 5, 6], trials: [2, 3, 3, 4], costsOf });

  it('finds the best size of all trials for each weighting', () => {
    expect(bestStatic(tuning, 'standard')).toEqual({ size: 3, meanCost: 0.5 });
    expect(bestStatic(tuning, 'alt1')).toEqual({ size: 5, meanCost: 0.5 });
    expect(bestStatic(tuning, 'alt2').size).toBe(2);
  });

  it('knows the least cost of each trial', () => {
    expect(ownStaticCosts(tuning, 'standard')).toEqual([0, 0, 0, 0]);
  });
});
