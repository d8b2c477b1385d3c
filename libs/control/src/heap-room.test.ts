import { describe, expect, it } from 'vitest';
import { HeapRoom } from './heap-room.ts';

const gigabyte = 1e9;
const quiet = { liveBytes: gigabyte, allocationBytesPerSecond: 0, collectingS: 0, cycles: 0 };

describe('HeapRoom', () => {
  it('needs what is live where nothing is allocated, and what rejected requests would', () => {
    const room = new HeapRoom({ maxBytes: 12 * gigabyte });
    expect(room.observe(quiet)).toBe(gigabyte);
    expect(room.observe({ ...quiet, rejectedBytes: 5e6 })).toBe(gigabyte + 5e6);
  });

  it('adds what a cycle sees allocated, its headroom, and the square root of the trade', () => {
    const room = new HeapRoom({ maxBytes: 12 * gigabyte, collectorShare: 0.25, headroom: 1.2 });
    // Before a cycle was seen: 0.1 s and 1 GB at 2 GB/s.
    const inCycle = 0.5 * gigabyte * 0.6;
    const spare = Math.sqrt(0.25 * inCycle * 12 * gigabyte);
    const need = room.observe({ ...quiet, allocationBytesPerSecond: 0.5 * gigabyte });
    expect(need).toBeCloseTo(gigabyte + 2.2 * inCycle + spare, 0);
  });

  it('learns how long cycles take, one that is under way included', () => {
    const room = new HeapRoom({ maxBytes: 12 * gigabyte });
    for (let period = 0; period < 9; period++) room.observe({ ...quiet, collectingS: 0.1 });
    expect(room.cycleS).toBeUndefined();
    room.observe({ ...quiet, collectingS: 0.1, cycles: 1 });
    expect(room.cycleS).toBeCloseTo(1, 9);
    const before = room.observe({ ...quiet, allocationBytesPerSecond: 1e8 });
    for (let period = 0; period < 30; period++) room.observe({ ...quiet, collectingS: 0.1 });
    expect(room.observe({ ...quiet, allocationBytesPerSecond: 1e8 })).toBeGreaterThan(before);
  });

  it('has the least cost where the square-root rule puts it', () => {
    const [max, share, inCycle] = [12 * gigabyte, 0.25, 0.3 * gigabyte];
    const cost = (spare: number) => spare / max + (share * inCycle) / spare;
    const best = Math.sqrt(share * inCycle * max);
    for (const factor of [0.5, 0.9, 1.1, 2]) expect(cost(best)).toBeLessThan(cost(factor * best));
  });

  it('refuses a heap without a size', () => {
    expect(() => new HeapRoom({ maxBytes: 0 })).toThrow(/above 0/);
  });
});
