import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { warpPath } from './warp-path.ts';

const path = Float64Array.of(1e6, 2e6, Number.NaN, 3e6, 0, 4e6);
const by = (warp: { decades: number; octaves: number }, seed = 'warp') =>
  warpPath(path, { warp, known: { from: 0, to: path.length }, random: new SeededRandom(seed) });

describe('warpPath', () => {
  it('moves the level alone where swings are left as they are', () => {
    const { bandwidth, scale } = by({ decades: 0.5, octaves: 0 });
    expect(scale).not.toBe(1);
    expect(Math.abs(Math.log10(scale))).toBeLessThanOrEqual(0.5);
    for (const [at, value] of path.entries()) {
      if (Number.isNaN(value)) expect(bandwidth[at]).toBeNaN();
      else expect(bandwidth[at]).toBeCloseTo(scale * value, 3);
    }
  });

  it('keeps the mean where it is and the order of the seconds when it widens swings', () => {
    const { bandwidth } = by({ decades: 0, octaves: 0.3 });
    const [one = 0, two = 0, , three = 0, silent, four = 0] = bandwidth;
    expect([one, two, three, four].toSorted((a, b) => a - b)).toEqual([one, two, three, four]);
    expect(silent).toBe(0);
    // The mean of what was measured is 2e6: a second at it stays.
    expect(two).toBeCloseTo(2e6, 3);
    expect(four / two).not.toBeCloseTo(2, 3);
  });

  it('does the same for the same chance, and survives silence', () => {
    const warp = { decades: 0.5, octaves: 0.3 };
    expect(by(warp)).toEqual(by(warp));
    expect(by(warp, 'other').scale).not.toBe(by(warp).scale);
    const random = new SeededRandom('silence');
    const silent = warpPath(new Float64Array(4), { warp, known: { from: 0, to: 4 }, random });
    expect([...silent.bandwidth]).toEqual([0, 0, 0, 0]);
  });
});
