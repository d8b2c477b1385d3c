import { describe, expect, it } from 'vitest';
import { Gradient2 } from './gradient2.ts';

function run(delays: readonly number[], need: (size: number) => number, size = 100): number[] {
  const law = new Gradient2();
  let now = size;
  return delays.map((delayS, tick) => {
    now = law.step({ nowMs: tick * 100, intervalMs: 100, size: now, need: need(now), delayS }).wish;
    return now;
  });
}

const used = (size: number) => size;

describe('Gradient2', () => {
  it('grows by the room for a queue while delays are as usual and all of it is used', () => {
    const [first = 0] = run([0.1], used);
    expect(first).toBeCloseTo(0.8 * 100 + 0.2 * (100 + Math.sqrt(100)), 12);
  });

  it('falls by half at most, smoothed, when delays are many times the usual', () => {
    const sizes = run([...Array<number>(600).fill(0.1), 1], used);
    const before = sizes.at(-2) ?? 0;
    const after = 0.8 * before + 0.2 * (before * 0.5 + Math.sqrt(before));
    expect(sizes.at(-1)).toBeCloseTo(after, 6);
  });

  it('bears delays of half as much again', () => {
    const sizes = run([...Array<number>(600).fill(0.1), 0.149], used);
    expect(sizes.at(-1)).toBeGreaterThan(sizes.at(-2) ?? 0);
  });

  it('does not grow what is not used', () => {
    expect(run([0.1, 0.1, 0.1], () => 40)).toEqual([100, 100, 100]);
  });

  it('holds where no delay is measured', () => {
    const step = (delayS: number | undefined) =>
      new Gradient2().step({ nowMs: 0, intervalMs: 100, size: 9, need: 9, delayS }).reasons;
    for (const delayS of [undefined, Number.NaN, 0, -1])
      expect(step(delayS)).toEqual(['no-sample']);
  });

  it('finds the usual delay again after a long bad time', () => {
    const sizes = run([...Array<number>(3_000).fill(1), ...Array<number>(80).fill(0.1)], used);
    expect(sizes.at(-1)).toBeGreaterThan(sizes[2_999] ?? 0);
  });
});
