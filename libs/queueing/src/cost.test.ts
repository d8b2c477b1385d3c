import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cost, costWeights } from './cost.ts';

describe('cost', () => {
  it.each([
    // 1 % rejected, p99 at 1.2 x the budget, half of the peak reserved, 6 changes a minute.
    ['standard', 1 + 2 + 0.5 + 0.06],
    ['alt1', 3 + 2 + 0.5 + 0.06],
    ['alt2', 1 + 2 + 1.5 + 0.06],
  ] as const)('adds the four terms in the weighting %s', (name, expected) => {
    const terms = {
      rejectedShare: 0.01,
      p99OverBudget: 1.2,
      reservedOverPeak: 0.5,
      changesPerMinute: 6,
    };
    expect(cost(terms, costWeights[name])).toBeCloseTo(expected, 12);
  });

  it('asks nothing for a delay within the budget', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p99OverBudget) => {
        const idle = { rejectedShare: 0, reservedOverPeak: 0, changesPerMinute: 0 };
        expect(cost({ ...idle, p99OverBudget })).toBe(0);
      }),
    );
  });
});
