import { describe, expect, it } from 'vitest';
import { bestClaimWindow, sharpened } from './claim-window.ts';

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

describe('sharpened', () => {
  const masses = [0, 0, 0.45, 0.5, 0, 0, 0, 0, 0, 0];
  const window = bestClaimWindow(masses);
  const naming = (timeS: number, sdS: number) => ({ timeS, sdS, probability: 0.9 });

  it('takes the time of the surest expert that agrees, and nothing else of it', () => {
    const experts = [naming(3.05, 0.2), naming(2.95, 0.1), naming(3, 0.3)];
    const { timeS, sdS, probability } = sharpened(window, { masses, experts, standingS: 3.4 });
    expect({ timeS, sdS }).toEqual({ timeS: 2.95, sdS: 0.1 });
    expect(probability).toBe(window.probability);
  });

  it('keeps its own where an expert names another time, is less sure, or says nothing', () => {
    const experts = [naming(6, 0.1), naming(3, 2), { abstained: 'no-precursor' } as const];
    expect(sharpened(window, { masses, experts, standingS: 3 })).toEqual(window);
    expect(sharpened(window, { masses, experts: [], standingS: 3 })).toEqual(window);
  });

  it('leaves the opening of a claim to the bins, and never makes another one of it', () => {
    const experts = [naming(3.05, 0.2)];
    expect(sharpened(window, { masses, experts, standingS: undefined })).toEqual(window);
    expect(sharpened(window, { masses, experts, standingS: 4.2 })).toEqual(window);
    expect(sharpened(window, { masses, experts, standingS: 3.9 }).timeS).toBe(3.05);
  });
});
