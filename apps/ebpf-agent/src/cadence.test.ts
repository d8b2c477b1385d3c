import { VirtualClock } from '@levitate/clock';
import { afterEach, expect, it, vi } from 'vitest';
import { Cadence } from './cadence.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Runs the cadence in virtual time. @param lateMs how late the machine fires a tick's timer */
function ticksUntil(untilMs: number, lateMs: (tick: number) => number) {
  let pending: { body: () => void; ms: number } | undefined;
  vi.stubGlobal('setTimeout', (body: () => void, ms: number) => {
    pending = { body, ms };
  });
  const clock = new VirtualClock();
  const ticks: { atMs: number; missed: number }[] = [];
  const onTick = ({ missed }: { missed: number }) => {
    ticks.push({ atMs: clock.monotonicMs(), missed });
  };
  const cadence = new Cadence({ clock, periodMs: 10, onTick });
  cadence.start();
  while (clock.monotonicMs() < untilMs && pending !== undefined) {
    const { body, ms } = pending;
    clock.advance(ms + lateMs(ticks.length));
    body();
  }
  cadence.stop();
  return ticks;
}

it('lateness of one tick does not carry over to the next', () => {
  const ticks = ticksUntil(10_000, () => 3);
  expect(ticks.length).toBe(1_000);
  expect(ticks.every(({ atMs }, index) => atMs === (index + 1) * 10 + 3)).toBe(true);
});

it('ticks missed altogether are counted and the grid is kept', () => {
  const ticks = ticksUntil(200, (tick) => (tick === 4 ? 47 : 0));
  expect(ticks[4]).toEqual({ atMs: 97, missed: 4 });
  expect(ticks[5]).toEqual({ atMs: 100, missed: 0 });
});
