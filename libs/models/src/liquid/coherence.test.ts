import { describe, expect, it } from 'vitest';
import { coherenceOf, coherenceOfProbabilities } from './coherence.ts';

describe('coherenceOf', () => {
  it.each([
    [
      'members that agree',
      [
        [5, 5],
        [5, 5],
      ],
      1,
    ],
    [
      'a variance of a quarter of the targets',
      [
        [4, 4],
        [6, 6],
      ],
      0.75,
    ],
    [
      'the mean over outputs',
      [
        [4, 5],
        [6, 5],
      ],
      0.875,
    ],
    [
      'members that differ as much as targets do',
      [
        [3, 3],
        [7, 7],
      ],
      0,
    ],
    [
      'members that differ more',
      [
        [0, 0],
        [100, 100],
      ],
      0,
    ],
    ['a single member, which cannot disagree', [[5, 5]], 0],
    [
      'a number that is none',
      [
        [Number.NaN, 5],
        [5, 5],
      ],
      0,
    ],
  ])('%s', (_, outputs, expected) => {
    expect(coherenceOf({ outputs, targetVariance: [4, 4] })).toBeCloseTo(expected, 12);
  });

  it('takes members in the unit of the targets', () => {
    const outputs = [[40], [60]];
    expect(coherenceOf({ outputs, targetVariance: [4], scale: 10 })).toBeCloseTo(0.75, 12);
  });
});

describe('coherenceOfProbabilities', () => {
  it.each([
    [
      'the same distribution',
      [
        [0.3, 0.7],
        [0.3, 0.7],
      ],
      1,
    ],
    [
      'distributions that exclude each other',
      [
        [1, 0],
        [0, 1],
      ],
      0,
    ],
    ['a single member', [[1, 0]], 0],
  ])('%s', (_, members, expected) => {
    expect(coherenceOfProbabilities(members)).toBeCloseTo(expected, 12);
  });

  it('falls as members move apart', () => {
    const apart = (p: number) =>
      coherenceOfProbabilities([
        [0.5, 0.5],
        [p, 1 - p],
      ]);
    expect(apart(0.6)).toBeGreaterThan(apart(0.8));
    expect(apart(0.8)).toBeGreaterThan(apart(0.99));
  });
});
