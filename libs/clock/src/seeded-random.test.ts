import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

function moments(count: number, draw: () => number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return { mean, variance: squares / count - mean * mean };
}

describe('SeededRandom', () => {
  it('gives the published first ten outputs of xoshiro128** from the state 1, 2, 3, 4', () => {
    // What the authors' xoshiro128starstar.c gives; quoted in rust-random/rngs too.
    const random = SeededRandom.fromState([1, 2, 3, 4]);
    const outputs = Array.from({ length: 10 }, () => random.nextU32());
    expect(outputs).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it('refuses the one state it could never leave', () => {
    expect(() => SeededRandom.fromState([0, 0, 0, 0])).toThrow(/cannot leave/);
  });

  it('gives equal streams for equal seeds and others for others', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (left, right) => {
        const a = new SeededRandom(left);
        const b = new SeededRandom(right);
        const same = Array.from({ length: 4 }, () => a.nextU32() === b.nextU32());
        expect(same.every(Boolean)).toBe(left === right);
      }),
    );
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const drawn = new SeededRandom(7);
    for (let i = 0; i < 100; i++) drawn.float();
    expect(drawn.fork('x').nextU32()).toBe(new SeededRandom(7).fork('x').nextU32());
    expect(drawn.fork('x').nextU32()).not.toBe(drawn.fork('y').nextU32());
  });

  it('does not correlate neighbouring seeds or forks', () => {
    const count = 20_000;
    const pairs = [
      (i: number) => [new SeededRandom(i).float(), new SeededRandom(i + 1).float()],
      (i: number) => {
        const root = new SeededRandom(3);
        return [root.fork(i).float(), root.fork(i + 1).float()];
      },
    ];
    for (const pair of pairs) {
      let product = 0;
      for (let i = 0; i < count; i++) {
        const [a = 0, b = 0] = pair(i);
        product += (a - 0.5) * (b - 0.5) * 12;
      }
      expect(Math.abs(product / count)).toBeLessThan(4 / Math.sqrt(count));
    }
  });

  it('stays inside the bounds asked for', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 1e3, noNaN: true }),
        (seed, low, factor) => {
          const random = new SeededRandom(seed);
          const high = low * factor;
          const inside = (value: number) => value >= low * (1 - 1e-12) && value <= high * 1.0000001;
          expect(inside(random.uniform(low, high))).toBe(true);
          expect(inside(random.logUniform(low, high))).toBe(true);
          expect(random.pareto({ shape: factor, scale: low })).toBeGreaterThanOrEqual(low);
          expect(random.exponential(low)).toBeGreaterThanOrEqual(0);
          expect([1, 2, 3]).toContain(random.pick([1, 2, 3]));
        },
      ),
    );
  });

  it.each([0, 0.01, 0.9, 3, 9.99, 10, 11, 40, 1_000, 250_000])(
    'draws Poisson counts of mean and variance %d',
    (mean) => {
      const count = 40_000;
      const random = new SeededRandom(`poisson ${mean}`);
      const got = moments(count, () => random.poisson(mean));
      expect(Math.abs(got.mean - mean)).toBeLessThanOrEqual(5 * Math.sqrt(mean / count));
      // The variance of a sample variance is about (2 mean^2 + mean) / count.
      const sd = Math.sqrt((2 * mean * mean + mean) / count);
      expect(Math.abs(got.variance - mean)).toBeLessThanOrEqual(5 * sd + 1e-9);
    },
  );

  it('fits the Poisson distribution on both sides of the change of method', () => {
    for (const mean of [4, 12]) {
      const random = new SeededRandom(`fit ${mean}`);
      const count = 50_000;
      const seen = new Map<number, number>();
      for (let i = 0; i < count; i++) {
        const k = random.poisson(mean);
        seen.set(k, (seen.get(k) ?? 0) + 1);
      }
      let probability = Math.exp(-mean);
      let chiSquare = 0;
      let cells = 0;
      for (let k = 0; k < 40; k++) {
        const expected = probability * count;
        if (expected >= 20) {
          chiSquare += ((seen.get(k) ?? 0) - expected) ** 2 / expected;
          cells++;
        }
        probability *= mean / (k + 1);
      }
      // About five standard deviations of a chi square with `cells` degrees of freedom.
      expect(chiSquare).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
    }
  });

  it('draws normals, exponentials and Paretos of the moments the formulas give', () => {
    const random = new SeededRandom(11);
    const count = 100_000;
    const normal = moments(count, () => random.normal(3, 2));
    expect(normal.mean).toBeCloseTo(3, 1);
    expect(normal.variance).toBeCloseTo(4, 0);
    expect(moments(count, () => random.exponential(5)).mean).toBeCloseTo(5, 0);
    const pareto = moments(count, () => random.pareto({ shape: 3, scale: 2 }));
    expect(pareto.mean).toBeCloseTo(3, 1);
  });
});
