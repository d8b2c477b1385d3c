import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.ts';

const ranked = (...outcomes: [number, boolean][]) =>
  outcomes.map(([score, cameTrue]) => ({ score, cameTrue }));

describe('averagePrecision', () => {
  it('is 1 where every event ranks above everything else', () => {
    expect(averagePrecision(ranked([3, true], [2, true], [1, false]))).toBe(1);
  });

  it('is the base rate of a score that says nothing', () => {
    expect(averagePrecision(ranked([0, true], [0, false], [0, false], [0, false]))).toBe(0.25);
  });

  it('adds up recall gained times precision there', () => {
    const area = averagePrecision(ranked([4, true], [3, false], [2, true], [1, false]));
    expect(area).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12);
  });

  it('has no value where nothing came', () => {
    expect(averagePrecision(ranked([1, false]))).toBeUndefined();
  });
});
