import { VirtualClock } from '@levitate/clock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeriodTimer } from './period-timer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets virtual time pass, in steps of one millisecond and with work that blocks now and then. */
function run(options: { forMs: number; workMs: (fired: number) => number }) {
  const clock = new VirtualClock();
  const fired: { atMs: number; missed: number }[] = [];
  const timer = new PeriodTimer({
    periodMs: 100,
    clock,
    onPeriod: ({ missed }) => {
      fired.push({ atMs: clock.monotonicMs(), missed });
      clock.advance(options.workMs(fired.length));
    },
  });
  timer.start();
  while (clock.monotonicMs() < options.forMs) {
    clock.advance(1);
    vi.advanceTimersByTime(1);
  }
  timer.stop();
  return fired;
}

describe('PeriodTimer', () => {
  it('does not drift over ten minutes although every firing takes time', () => {
    const fired = run({ forMs: 600_050, workMs: (count) => count % 7 });
    expect(fired).toHaveLength(6_000);
    const last = fired.at(-1)?.atMs ?? 0;
    expect(Math.abs(last - 600_000)).toBeLessThan(10);
  });

  it('passes over grid points it was too late for, counts them and returns to the grid', () => {
    const fired = run({ forMs: 1_050, workMs: (count) => (count === 2 ? 250 : 0) });
    for (const { atMs } of fired.slice(3)) expect(atMs % 100).toBeLessThan(5);
    const missed = fired.reduce((sum, one) => sum + one.missed, 0);
    expect(missed).toBeGreaterThan(0);
    expect(fired.length + missed).toBe(10);
  });
});
