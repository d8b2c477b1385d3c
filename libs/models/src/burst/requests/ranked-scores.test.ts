import { describe, expect, it } from 'vitest';
import { RankedScores } from './ranked-scores.ts';

const ranked = (...outcomes: [score: number, cameTrue: boolean, block?: number][]) =>
  new RankedScores(outcomes.map(([score, cameTrue, block = 0]) => ({ score, cameTrue, block })));

describe('RankedScores', () => {
  it('has an area of 1 where every event ranks above everything else', () => {
    expect(ranked([3, true], [2, true], [1, false]).averagePrecision()).toBe(1);
  });

  it('has the base rate of a score that says nothing', () => {
    const same = ranked([0, true], [0, false], [0, false], [0, false]);
    expect(same.averagePrecision()).toBe(0.25);
  });

  it('adds up recall gained times precision there', () => {
    const area = ranked([4, true], [3, false], [2, true], [1, false]).averagePrecision();
    expect(area).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  });

  it('counts a block as often as it was drawn', () => {
    const two = ranked([4, true, 0], [3, false, 1], [2, true, 1]);
    expect(two.averagePrecision([1, 0])).toBe(1);
    expect(two.averagePrecision([0, 1])).toBe(0.5);
    expect(two.averagePrecision([1, 2])).toBeCloseTo(1 / 3 + (2 / 3) * (3 / 5), 12);
  });

  it('has no value where nothing came', () => {
    expect(ranked([1, false]).averagePrecision()).toBeUndefined();
  });
});
