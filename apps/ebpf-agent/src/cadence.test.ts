import { VirtualClock } from '@levitate/clock';
import { afterEach, expect, it, vi } from 'vitest';
import { Cadence } from './cadence.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Runs the cadence in virtual time. @param lateMs how late the machine fires a tick's timer */
function ticksUntil(
  untilMs: number,
  lateMs: (tick: number) => number,
  onEach: (cadence: Cadence, tick: number) => void = () => {},
) {
  let pending: { body: () => void; ms: number } | undefined;
  vi.stubGlobal('setTimeout', (body: () => void, ms: number) => {
    pending = { body, ms };
    return pending;
  });
  vi.stubGlobal('clearTimeout', () => {});
  const clock = new VirtualClock();
  const ticks: { atMs: number; missed: number }[] = [];
  const onTick = ({ missed }: { missed: number }) => {
    ticks.push({ atMs: clock.monotonicMs(), missed });
    onEach(cadence, ticks.length);
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

it('another period goes on from the grid of the first', () => {
  const ticks = ticksUntil(
    500,
    (tick) => tick % 3,
    (cadence, tick) => {
      if (tick === 3) cadence.periodMs = 100;
    },
  );
  expect(ticks.slice(0, 5).map(({ atMs }) => atMs)).toEqual([10, 21, 32, 130, 231]);
  expect(ticks.every(({ missed }) => missed === 0)).toBe(true);
});

it('ticks missed altogether are counted and the grid is kept', () => {
  const ticks = ticksUntil(200, (tick) => (tick === 4 ? 47 : 0));
  expect(ticks[4]).toEqual({ atMs: 97, missed: 4 });
  expect(ticks[5]).toEqual({ atMs: 100, missed: 0 });
});
