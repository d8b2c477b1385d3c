import { describe, expect, it } from 'vitest';
import { CollectorRoom, relocationReserve } from './collector-room.ts';
import type { Collector, JvmReading } from './jvm-access.ts';

const figures = { liveBytes: 100e6, allocationBytesPerSecond: 50e6, pressure: 0 };
const cycle = { collectingS: 0.1, cycles: 1 };

describe('the room for a collector', () => {
  it.each(['z', 'shenandoah', 'g1'] as const)('%s has is more the longer it takes', (collector) => {
    const [short, long] = [0.02, 0.2].map((collectingS) =>
      new CollectorRoom(reading(collector)).observe(reading(collector), {
        ...figures,
        ...cycle,
        collectingS,
      }),
    ) as [number, number];
    expect(short).toBeGreaterThan(figures.liveBytes);
    expect(long).toBeGreaterThan(short);
  });

  it('that keeps some free for itself holds that too', () => {
    const [z, shenandoah] = (['z', 'shenandoah'] as const).map((collector) =>
      new CollectorRoom(reading(collector)).observe(reading(collector), { ...figures, ...cycle }),
    ) as [number, number];
    expect(z - shenandoah).toBeGreaterThan(relocationReserve(512 * 2 ** 20));
  });

  it.each([
    [512, 18],
    [8_192, 34],
    [64, 4],
  ])('that is ZGC keeps of %i MiB so much free', (maxMib, reserveMib) => {
    expect(relocationReserve(maxMib * 2 ** 20) / 2 ** 20).toBe(reserveMib);
  });
});

function reading(collector: Collector): JvmReading {
  const maxBytes = 512 * 2 ** 20;
  const instance = '1@1';
  return { instance, collector, usedBytes: 1, committedBytes: 1, maxBytes, flags: {} };
}
