import { describe, expect, it } from 'vitest';
import { ClaimTally } from './claim-tally.ts';

const onsetsMs = [10_000, 30_000, 50_000, 70_000, 90_000, 110_000];
const every = (step: number, tau: (atMs: number) => number | undefined, endMs: number) =>
  Array.from({ length: endMs / step }, (_, i) => {
    const atMs = (i + 1) * step;
    return { atMs, tauMs: tau(atMs) };
  });

describe('ClaimTally', () => {
  it('gives a forecaster that knows the onsets full marks from the fifth on', () => {
    const tally = new ClaimTally();
    const next = (atMs: number) => {
      const onset = onsetsMs.find((one) => one > atMs);
      return onset !== undefined && onset - atMs <= 10_000 ? onset : undefined;
    };
    tally.add({ forecasts: every(1000, next, 120_000), onsetsMs, endMs: 120_000 });
    expect(tally.onsets).toBe(2);
    expect([tally.precision, tally.recall]).toEqual([1, 1]);
    expect(tally.leadS).toBe(10);
  });

  it('makes an alarm that is always on lose', () => {
    const tally = new ClaimTally();
    const forecasts = every(1000, (atMs) => atMs + 5000, 120_000);
    tally.add({ forecasts, onsetsMs, endMs: 120_000 });
    expect(tally.recall).toBe(1);
    expect(tally.precision).toBeLessThan(0.15);
  });

  it('does not count claims opened before the fourth onset', () => {
    const tally = new ClaimTally();
    const forecasts = every(1000, (atMs) => (atMs < 69_000 ? atMs + 5000 : undefined), 120_000);
    tally.add({ forecasts, onsetsMs, endMs: 120_000 });
    expect(tally.precision).toBe(1);
    expect(tally.recall).toBe(0);
  });

  it('does not score a trace that is too short to know', () => {
    const tally = new ClaimTally();
    tally.add({ forecasts: [], onsetsMs: onsetsMs.slice(0, 3), endMs: 60_000 });
    expect(tally.onsets).toBe(0);
  });
});
