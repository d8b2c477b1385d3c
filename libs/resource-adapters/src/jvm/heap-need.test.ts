import { describe, expect, it } from 'vitest';
import { heapNeed, relocationReserve } from './heap-need.ts';

describe('the need of a heap', () => {
  const heap = { liveBytes: 100e6, allocationBytesPerSecond: 50e6, cycleSeconds: 0.1 };

  it('is what is live, and what is allocated while a concurrent cycle comes and goes', () => {
    expect(heapNeed({ ...heap, isConcurrent: true })).toBeCloseTo(100e6 + 50e6 * 0.5, 0);
  });

  it('is room to stand still for a twentieth of the time, where collections do stop', () => {
    expect(heapNeed({ ...heap, isConcurrent: false })).toBeCloseTo(100e6 + 50e6 * 2, 0);
  });

  it('is guessed from what is live before a collection was seen', () => {
    const { cycleSeconds, ...unseen } = heap;
    expect(heapNeed({ ...unseen, isConcurrent: true })).toBeGreaterThan(
      heapNeed({ ...heap, isConcurrent: true }),
    );
  });

  it.each([
    [512, 18],
    [8_192, 34],
    [64, 4],
  ])('knows what ZGC keeps free of %i MiB', (maxMib, reserveMib) => {
    expect(relocationReserve(maxMib * 2 ** 20) / 2 ** 20).toBe(reserveMib);
  });
});
