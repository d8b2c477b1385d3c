import { describe, expect, it } from 'vitest';
import { OnsetRecency } from './onset-recency.ts';

describe('OnsetRecency', () => {
  it('knows when the next onset is due if the last intervals hold', () => {
    const recency = new OnsetRecency();
    for (const onset of [0, 20_000, 40_000, 60_500]) recency.learn(onset);
    const values = recency.features(75_000);
    expect(values[0]).toBeCloseTo(14.5 / 30, 6);
    expect(values[2]).toBeCloseTo(20 / 30, 6);
    expect(values[5]).toBeCloseTo(0.55, 6);
  });

  it('forgets intervals before the last five', () => {
    const recency = new OnsetRecency();
    let time = 0;
    for (const interval of [5, 5, 5, 20, 20, 20, 20, 20]) {
      time += interval * 1000;
      recency.learn(time);
    }
    expect(recency.features(time)[3]).toBe(0);
  });

  it('says nothing of intervals before two onsets', () => {
    const recency = new OnsetRecency();
    expect([...recency.features(1000)]).toEqual([2, 0, 0, 0, 0, 0]);
    recency.learn(1000);
    expect(recency.features(2000)[2]).toBe(0);
  });
});
