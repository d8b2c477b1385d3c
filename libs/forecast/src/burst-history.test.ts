import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BurstHistory } from './burst-history.ts';

function historyOf(needs: readonly (number | undefined)[]): BurstHistory {
  const history = new BurstHistory();
  for (const [index, needBytes] of needs.entries()) {
    history.add({
      timeUnixMs: index * 20_000,
      baselineBytesPerSecond: 1e6,
      durationS: 1,
      peakBytesPerSecond: 5e6,
      volumeBytes: 5e6,
      needBytes,
    });
  }
  return history;
}

describe('BurstHistory', () => {
  it('knows nothing of a property no burst had', () => {
    expect(historyOf([]).quantiles((burst) => burst.needBytes)).toBeUndefined();
    expect(historyOf([undefined, 0]).quantiles((burst) => burst.needBytes)).toBeUndefined();
  });

  it('has the geometric mean as its median', () => {
    const quantiles = historyOf([1e6, 4e6]).quantiles((burst) => burst.needBytes);
    expect(quantiles?.q50).toBeCloseTo(2e6, 0);
  });

  it('widens with few bursts and narrows with many of one size', () => {
    const spread = (count: number) => {
      const quantiles = historyOf(Array(count).fill(1e6)).quantiles((b) => b.needBytes);
      return (quantiles?.q99 ?? 0) / (quantiles?.q50 ?? 1);
    };
    expect(spread(1)).toBeGreaterThan(spread(4));
    expect(spread(4)).toBeGreaterThan(spread(16));
    expect(spread(16)).toBeGreaterThan(1);
  });

  it('holds 99 of 100 next bursts of 5 % spread within its 99 % quantile, four seen', () => {
    // The predictive distribution is wider than the truth: its prior says 10 %.
    const q99 = historyOf([0.95e6, 1e6, 1.05e6, 1e6]).quantiles((b) => b.needBytes)?.q99 ?? 0;
    expect(q99).toBeGreaterThan(1e6 * (1 + 2.33 * 0.05));
    expect(q99).toBeLessThan(1.6e6);
  });

  it('orders its quantiles whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 }),
        (all) => {
          const quantiles = historyOf(all).quantiles((burst) => burst.needBytes);
          expect(quantiles?.q50).toBeLessThanOrEqual(quantiles?.q90 ?? 0);
          expect(quantiles?.q90).toBeLessThanOrEqual(quantiles?.q99 ?? 0);
        },
      ),
    );
  });
});
