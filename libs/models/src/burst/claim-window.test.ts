import { describe, expect, it } from 'vitest';
import { bestClaimWindow } from './claim-window.ts';

describe('bestClaimWindow', () => {
  it('stands around a sure second', () => {
    const masses = [0, 0, 0, 0.95, 0, 0, 0, 0, 0, 0];
    const { timeS, probability, sdS } = bestClaimWindow(masses);
    expect(timeS).toBeCloseTo(3.5, 9);
    expect(probability).toBeCloseTo(0.95, 9);
    expect(sdS).toBeCloseTo(Math.sqrt(1 / 12), 9);
  });

  it('stands between two seconds that share the onset', () => {
    const { timeS, probability } = bestClaimWindow([0, 0.4, 0.4, 0, 0, 0, 0, 0, 0, 0]);
    expect(timeS).toBeCloseTo(2, 9);
    expect(probability).toBeCloseTo(0.8, 9);
  });

  it('is sure of nothing where the onset may be anywhere', () => {
    expect(bestClaimWindow(new Array(10).fill(0.1)).probability).toBeCloseTo(0.2, 9);
    expect(bestClaimWindow(new Array(10).fill(0))).toMatchObject({ probability: 0, sdS: 0 });
  });
});
