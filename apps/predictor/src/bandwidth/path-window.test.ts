import type { PathSample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import { knownSteps, pathWindow, windowKey } from './path-window.ts';

const at = (second: number, over: Partial<PathSample> = {}): PathSample => ({
  path: 'a>b',
  origin: 'push',
  timeUnixMs: 1e12 + second * 1000,
  intervalMs: 1000,
  bandwidthBytesPerSecond: 100 * second,
  ...over,
});

describe('the window of a path', () => {
  it('stands on a grid that ends with the newest bandwidth, and leaves holes holes', () => {
    const samples = [at(1, { roundTripSeconds: 0.1 }), at(2), at(5, { lossRatio: 0.5 })];
    const later = at(6, { bandwidthBytesPerSecond: undefined });
    const window = pathWindow([...samples, later], { steps: 6 });
    expect(window?.endUnixMs).toBe(1e12 + 5000);
    expect([...(window?.bandwidth ?? [])]).toEqual([Number.NaN, 100, 200, NaN, NaN, 500]);
    expect([...(window?.roundTrip ?? [])]).toEqual([NaN, 0.1, NaN, NaN, NaN, NaN]);
    expect([...(window?.loss ?? [])]).toEqual([NaN, NaN, NaN, NaN, NaN, 0.5]);
    expect(window && knownSteps(window)).toBe(3);
  });

  it('averages what falls into one step and repeats what covers several', () => {
    const fast = [at(1), at(1.4, { bandwidthBytesPerSecond: 300 }), at(2)];
    expect([...(pathWindow(fast, { steps: 2 })?.bandwidth ?? [])]).toEqual([100, 250]);
    const slow = [at(3, { intervalMs: 3000 }), at(6, { intervalMs: 3000 })];
    expect([...(pathWindow(slow, { steps: 5 })?.bandwidth ?? [])]).toEqual([
      300, 300, 600, 600, 600,
    ]);
  });

  it('takes no impossible number for a measurement', () => {
    const bad = [Number.NaN, -1, 1e16, Number.POSITIVE_INFINITY];
    const samples = bad.map((rate, second) => at(second, { bandwidthBytesPerSecond: rate }));
    expect(pathWindow(samples)).toBeUndefined();
    const window = pathWindow([...samples, at(9)]);
    expect(window && knownSteps(window)).toBe(1);
  });

  it('has a key that any changed number, hole or time changes', () => {
    const of = (over: Partial<PathSample>) => {
      const window = pathWindow([at(1), at(2, over), at(3)]);
      return window === undefined ? '' : windowKey(window);
    };
    const keys = [
      {},
      { bandwidthBytesPerSecond: 201 },
      { bandwidthBytesPerSecond: undefined },
      { roundTripSeconds: 1 },
      { lossRatio: 1 },
    ].map(of);
    expect(new Set(keys).size).toBe(keys.length);
    expect(of({})).toBe(keys[0]);
  });
});
