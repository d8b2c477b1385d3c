import { describe, expect, it } from 'vitest';
import { riskCoverage } from './risk-coverage.ts';

const outcome = (coherence: number, error: number, actual = 100) => ({
  actual,
  forecast: actual + error,
  coherence,
});

describe('riskCoverage', () => {
  it('says how much less the more coherent half errs', () => {
    const points = riskCoverage([
      outcome(0.9, 1),
      outcome(0.8, 3),
      outcome(0.2, 6),
      outcome(0.1, 6),
    ]);
    const half = points.find(({ coverage }) => coverage === 0.5);
    expect(half).toEqual({ coverage: 0.5, wapeRatio: 0.5, absoluteRatio: 0.5 });
    expect(points.at(-1)).toEqual({ coverage: 1, wapeRatio: 1, absoluteRatio: 1 });
  });

  it('is above 1 where coherence misleads', () => {
    const [half] = riskCoverage([outcome(0.9, 6), outcome(0.1, 2)], [0.5]);
    expect(half?.wapeRatio).toBeCloseTo(1.5, 12);
  });

  it('tells small errors from small paths', () => {
    const [half] = riskCoverage([outcome(0.9, 1, 10), outcome(0.1, 10, 100)], [0.5]);
    expect(half?.wapeRatio).toBeCloseTo(1, 12);
    expect(half?.absoluteRatio).toBeLessThan(0.2);
  });
});
