import { describe, expect, it } from 'vitest';
import { freeRatios } from './free-ratios.ts';

describe('free ratios', () => {
  it.each([
    [200, 100, { min: 40, max: 50 }],
    [110, 100, { min: 0, max: 9 }],
    [1_000, 100, { min: 80, max: 90 }],
    // Never beyond what a collector can hold.
    [100, 100, { min: 0, max: 5 }],
    [100_000, 1, { min: 85, max: 95 }],
  ])('for a ceiling of %i over %i live', (ceiling, live, expected) => {
    expect(freeRatios(ceiling, live)).toEqual(expected);
  });

  it('commit at most the ceiling, where a heap can be so full', () => {
    for (let ceiling = 106; ceiling < 2_000; ceiling += 7) {
      const { max } = freeRatios(ceiling, 100);
      expect(100 / (1 - max / 100)).toBeLessThanOrEqual(ceiling);
    }
  });
});
