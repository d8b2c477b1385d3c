import { SeededRandom } from '@levitate/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brierScore, brierSkill } from './brier.ts';
import { calibrationBins, expectedCalibrationError } from './expected-calibration-error.ts';
import { applyIsotonic, fitIsotonic, type ScoredOutcome } from './isotonic-map.ts';
import { applyPlatt, fitPlatt } from './platt-map.ts';

const outcomesOf = (bits: string) =>
  [...bits].map((bit, index) => ({ score: index, cameTrue: bit === '1' }));

const scored = fc.array(
  fc.record({ score: fc.integer({ min: -20, max: 20 }), cameTrue: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
);

describe('isotonic map', () => {
  it.each([
    // Pooled by hand: violators average with their neighbours until nothing falls.
    { bits: '0011', expected: [0, 0, 1, 1] },
    { bits: '0101', expected: [0, 0.5, 0.5, 1] },
    { bits: '1100', expected: [0.5, 0.5, 0.5, 0.5] },
    { bits: '0110', expected: [0, 2 / 3, 2 / 3, 2 / 3] },
    { bits: '10010111', expected: [1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 1, 1, 1] },
  ])('of $bits is $expected', ({ bits, expected }) => {
    const map = fitIsotonic(outcomesOf(bits));
    for (const [score, probability] of expected.entries()) {
      expect(applyIsotonic(map, score)).toBeCloseTo(probability, 12);
    }
  });

  it('goes straight between blocks and level beyond them', () => {
    const map = fitIsotonic(outcomesOf('0011'));
    expect(applyIsotonic(map, 1.25)).toBeCloseTo(0.25, 12);
    expect(applyIsotonic(map, -9)).toBe(0);
    expect(applyIsotonic(map, 9)).toBe(1);
  });

  it('never falls, stays within 0..1 and keeps the mean', () => {
    fc.assert(
      fc.property(scored, (outcomes) => {
        const map = fitIsotonic(outcomes);
        const probabilities = outcomes.map(({ score }) => applyIsotonic(map, score));
        const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
        expect(mean(probabilities)).toBeCloseTo(
          mean(outcomes.map(({ cameTrue }) => (cameTrue ? 1 : 0))),
          9,
        );
        let previous = 0;
        for (let score = -25; score <= 25; score += 0.5) {
          const probability = applyIsotonic(map, score);
          expect(probability).toBeGreaterThanOrEqual(previous);
          expect(probability).toBeLessThanOrEqual(1);
          previous = probability;
        }
      }),
    );
  });

  it('has no more squared error than any other rising map tried', () => {
    fc.assert(
      fc.property(scored, fc.double({ min: -1, max: 1, noNaN: true }), (outcomes, tilt) => {
        const map = fitIsotonic(outcomes);
        const error = (of: (score: number) => number) =>
          outcomes.reduce(
            (sum, { score, cameTrue }) => sum + (of(score) - (cameTrue ? 1 : 0)) ** 2,
            0,
          );
        const other = (score: number) => 1 / (1 + Math.exp(-Math.abs(tilt) * score));
        expect(error((score) => applyIsotonic(map, score))).toBeLessThanOrEqual(
          error(other) + 1e-9,
        );
      }),
    );
  });
});

describe('Platt map', () => {
  it('finds the sigmoid that drew the outcomes', () => {
    const random = new SeededRandom('platt');
    const truth = { slope: -1.5, offset: 0.7 };
    const outcomes: ScoredOutcome[] = Array.from({ length: 20_000 }, () => {
      const score = random.uniform(-4, 4);
      return { score, cameTrue: random.float() < applyPlatt(truth, score) };
    });
    const map = fitPlatt(outcomes);
    expect(map.slope).toBeCloseTo(truth.slope, 1);
    expect(map.offset).toBeCloseTo(truth.offset, 1);
  });

  it('without any slope states the drawn-in base rate', () => {
    // 3 of 4 at one score: targets 4/5 and 1/3, mean (3 x 0.8 + 1/3) / 4.
    const outcomes = [true, true, true, false].map((cameTrue) => ({ score: 0, cameTrue }));
    expect(applyPlatt(fitPlatt(outcomes), 0)).toBeCloseTo((2.4 + 1 / 3) / 4, 6);
  });

  it('is finite for separable, one-sided and huge scores', () => {
    fc.assert(
      fc.property(scored, fc.constantFrom(1, 1e-6, 1e6), (outcomes, scale) => {
        const map = fitPlatt(outcomes.map((one) => ({ ...one, score: one.score * scale })));
        for (const score of [-1e9, -1, 0, 1, 1e9]) {
          const probability = applyPlatt(map, score);
          expect(probability >= 0 && probability <= 1).toBe(true);
        }
      }),
    );
  });
});

describe('calibration error', () => {
  it('is worked out by hand over two bins', () => {
    const stated = [0.1, 0.3, 0.6, 0.8].map((probability, index) => ({
      probability,
      cameTrue: index === 1 || index === 3,
    }));
    // Bins {0.1, 0.3} and {0.6, 0.8}: stated 0.2 and 0.7, observed 0.5 and 0.5.
    expect(calibrationBins(stated, { bins: 2, seed: 1 })).toEqual([
      { count: 2, stated: expect.closeTo(0.2, 12), observed: 0.5 },
      { count: 2, stated: expect.closeTo(0.7, 12), observed: 0.5 },
    ]);
    expect(expectedCalibrationError(stated, { bins: 2, seed: 1 })).toBeCloseTo(0.25, 12);
  });

  it('is small for honest probabilities, and the excess for exaggerated ones', () => {
    const random = new SeededRandom('ece');
    const draw = (honesty: number) =>
      Array.from({ length: 20_000 }, () => {
        const probability = random.float();
        return { probability, cameTrue: random.float() < probability * honesty };
      });
    expect(expectedCalibrationError(draw(1), { seed: 1 })).toBeLessThan(0.02);
    expect(expectedCalibrationError(draw(0.8), { seed: 1 })).toBeCloseTo(0.1, 1);
  });

  it('breaks ties by the seed, not by the order they came in', () => {
    // One stated value, outcomes sorted: by order of arrival the bins would all be pure.
    const stated = Array.from({ length: 1000 }, (_, index) => ({
      probability: 0.5,
      cameTrue: index >= 500,
    }));
    expect(expectedCalibrationError(stated, { seed: 7 })).toBeLessThan(0.1);
    expect(expectedCalibrationError(stated, { seed: 7 })).toBe(
      expectedCalibrationError(stated, { seed: 7 }),
    );
  });

  it('has bins whose sizes differ by at most one and hold everything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 20 }), (n, bins) => {
        const stated = Array.from({ length: n }, (_, index) => ({
          probability: (index % 7) / 7,
          cameTrue: index % 3 === 0,
        }));
        const counts = calibrationBins(stated, { bins, seed: 1 }).map(({ count }) => count);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(n);
        expect(Math.max(0, ...counts) - Math.min(n, ...counts)).toBeLessThanOrEqual(1);
        expect(expectedCalibrationError(stated, { bins, seed: 1 })).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('Brier score', () => {
  it.each([
    { stated: [1, 0], score: 0, skill: 1 },
    { stated: [0.5, 0.5], score: 0.25, skill: 0 },
    { stated: [0, 1], score: 1, skill: -3 },
    { stated: [0.8, 0.4], score: 0.1, skill: 0.6 },
  ])('of $stated against true, false is $score, skill $skill', ({ stated, score, skill }) => {
    const pairs = stated.map((probability, index) => ({ probability, cameTrue: index === 0 }));
    expect(brierScore(pairs)).toBeCloseTo(score, 12);
    expect(brierSkill(pairs)).toBeCloseTo(skill, 12);
  });

  it('has no skill to state without forecasts or without both outcomes', () => {
    expect(brierScore([])).toBeUndefined();
    expect(brierSkill([{ probability: 1, cameTrue: true }])).toBeUndefined();
  });
});
