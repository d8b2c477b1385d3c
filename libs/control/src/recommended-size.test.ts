import { describe, expect, it } from 'vitest';
import { RecommendedSize } from './recommended-size.ts';
import { ResourceGovernor } from './resource-governor.ts';

const settings = { min: 1, max: 64, holdMs: 2_000 } as const;

/**
 * Ticks of a pool that stays at 8, whatever is recommended.
 * @param share of what finds no room there that is turned away, and does not wait
 */
function play(recommended: RecommendedSize, needs: readonly number[], share = 0) {
  return needs.map((need, tick) =>
    recommended.step({
      nowMs: 100 * tick,
      measured: { size: 8, need, rejected: share * Math.max(0, need - 8) },
    }),
  );
}

describe('RecommendedSize', () => {
  it('begins with the size in force, and becomes what the law would have made of it', () => {
    const steps = play(
      new RecommendedSize(settings),
      Array.from({ length: 100 }, () => 20),
    );
    expect(steps[0]?.size).toBe(8);
    const last = steps.at(-1);
    expect(last?.size).toBeGreaterThanOrEqual(24);
    expect(last?.size).toBeLessThanOrEqual(28);
  });

  it.each([0, 0.5, 1])(
    'is what control would have made of it, %f of the rest turned away',
    (share) => {
      const needs = Array.from({ length: 900 }, (_, tick) => 10 + 30 * Math.sin(tick / 40) ** 2);
      const governor = new ResourceGovernor(settings);
      let size = 8;
      const controlled = needs.map((need, tick) => {
        const measured = { size, need, rejected: share * Math.max(0, need - size) };
        size = governor.step({ nowMs: 100 * tick, measured }).apply ?? size;
        return size;
      });
      const steps = play(new RecommendedSize(settings), needs, share);
      expect(steps.map((step) => step?.next)).toEqual(controlled);
      expect(new Set(controlled).size).toBeGreaterThan(3);
    },
  );

  it('says nothing of what cannot be, and goes on from where it was', () => {
    const recommended = new RecommendedSize(settings);
    const [, , third, fourth] = play(recommended, [20, 20, Number.NaN, 20]);
    expect(third).toBeUndefined();
    expect(fourth?.size).toBeGreaterThan(8);
  });
});
