import { DoubleDecay } from '@levitate/control';
import type { Reading } from '@levitate/queueing';
import { describe, expect, it } from 'vitest';
import { changesPerMinuteMax, lawPolicy, openRival, rivalGrids } from './rival-policies.ts';

function readingOf(tick: number, { size, need }: { size: number; need: number }): Reading {
  const nowMs = tick * 100;
  const counts = { arrived: 0, served: 0, rejected: 0, dropped: 0, delaySecondsMax: 0 };
  return { nowMs, intervalMs: 100, size, requested: size, need, ...counts };
}

describe('lawPolicy', () => {
  const open = () =>
    lawPolicy({
      law: new DoubleDecay(),
      min: 4,
      max: 100,
      start: 20,
      isWhole: true,
      see: ({ need }) => ({ need }),
    });

  it('doubles when full, decays in whole units, and keeps its bounds', () => {
    const policy = open();
    expect(policy(readingOf(0, { size: 20, need: 20 }))).toBe(40);
    let size = 40;
    const sizes = new Set<number>();
    for (let tick = 1; tick < 6000; tick++) {
      size = policy(readingOf(tick, { size, need: 0 })) ?? size;
      sizes.add(size);
    }
    expect([...sizes].slice(0, 4)).toEqual([40, 36, 32, 29]);
    expect(size).toBeLessThanOrEqual(5);
  });

  it('makes no more changes a minute than anybody may, what is borrowed included', () => {
    const policy = open();
    let changes = 0;
    for (let tick = 0; tick < 600; tick++) {
      const need = tick % 20 < 10 ? 1000 : 0;
      if (policy(readingOf(tick, { size: 20, need })) !== undefined) changes++;
    }
    expect(changes).toBeLessThanOrEqual(2 * changesPerMinuteMax);
  });
});

it('every setting that a rival is tuned over opens a law', () => {
  for (const law of ['double-decay', 'pid', 'aimd', 'gradient2'] as const) {
    expect(rivalGrids[law].length).toBeGreaterThan(3);
    for (const options of rivalGrids[law]) expect(openRival(law, options).name).toBe(law);
  }
});
