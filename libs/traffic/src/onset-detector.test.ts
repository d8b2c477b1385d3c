import { SeededRandom } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Burst, Onset } from './burst.ts';
import { OnsetDetector, type OnsetDetectorOptions } from './onset-detector.ts';

type Measured = Partial<Sample>;
const BASE = 1.5e6;

function sampleOf(index: number, measured: Measured): Sample {
  return { link: 'a', origin: 'push', timeUnixMs: (index + 1) * 100, intervalMs: 100, ...measured };
}

/** Feed samples of 100 ms; `at` gives what differs from a calm link of 1.5 MB/s. */
function run(count: number, at: (index: number) => Measured, options?: OnsetDetectorOptions) {
  const detector = new OnsetDetector(options);
  const onsets: Onset[] = [];
  const bursts: Burst[] = [];
  const inBurst: number[] = [];
  for (let index = 0; index < count; index++) {
    const seen = detector.observe(
      sampleOf(index, { throughputBytesPerSecond: BASE, ...at(index) }),
    );
    if (seen.onset) onsets.push(seen.onset);
    if (seen.ended) bursts.push(seen.ended);
    if (seen.inBurst) inBurst.push(index);
  }
  return { onsets, bursts, inBurst, detector };
}

describe('OnsetDetector', () => {
  it('starts a burst at 3x the median of the last 30 s outside bursts, not below', () => {
    const at = (rate: number) => (index: number) =>
      index === 100 ? { throughputBytesPerSecond: rate } : {};
    expect(run(120, at(2.99 * BASE)).onsets).toHaveLength(0);
    const { onsets, bursts } = run(120, at(3 * BASE));
    // Nothing tells where in the sample it began: the middle is named.
    expect(onsets).toEqual([{ timeUnixMs: 10_050, baselineBytesPerSecond: BASE }]);
    expect(bursts).toHaveLength(1);
  });

  it('is over when nothing of it was seen for the hold, and not before', () => {
    const { inBurst, bursts } = run(140, (index) =>
      [100, 101, 103].includes(index) ? { throughputBytesPerSecond: 8 * BASE } : {},
    );
    // Seen until the end of 103, held for three samples more.
    expect(inBurst).toEqual([100, 101, 102, 103, 104, 105]);
    expect(bursts).toHaveLength(1);
  });

  it('measures a burst that starts and ends within samples', () => {
    // 10x the base from 10.06 s to 10.43 s: 40 ms, three whole samples, 30 ms.
    const shares: Record<number, number> = { 100: 0.4, 101: 1, 102: 1, 103: 1, 104: 0.3 };
    const { onsets, bursts } = run(140, (index) => {
      const share = shares[index];
      if (share === undefined) return { throughputPeakBytesPerSecond: BASE };
      return {
        throughputBytesPerSecond: BASE * (1 + 9 * share),
        throughputPeakBytesPerSecond: 10 * BASE,
      };
    });
    // At the onset: 40 ms of the sample, somewhere in it; the middle of the places it can start.
    expect(onsets[0]?.timeUnixMs).toBeCloseTo(10_030, 6);
    expect(bursts[0]?.timeUnixMs).toBeCloseTo(10_060, 6);
    expect(bursts[0]?.durationS).toBeCloseTo(0.37, 9);
    expect(bursts[0]?.volumeBytes).toBeCloseTo(10 * BASE * 0.37, 3);
    expect(bursts[0]?.peakBytesPerSecond).toBe(10 * BASE);
  });

  it('sees a burst of 30 ms that hardly shows in the mean', () => {
    const { onsets } = run(120, (index) =>
      index === 100
        ? { throughputBytesPerSecond: 2.2 * BASE, throughputPeakBytesPerSecond: 5 * BASE }
        : { throughputPeakBytesPerSecond: 1.4 * BASE },
    );
    expect(onsets).toHaveLength(1);
  });

  it('sees a burst by the room it asks of the queue, dropped bytes included', () => {
    const drained = { drainBytesPerSecond: 12.5e6, queueHighWaterBytes: 3000, queueBytes: 0 };
    const { onsets, bursts } = run(120, (index) =>
      index === 100
        ? {
            ...drained,
            throughputBytesPerSecond: 1.5 * BASE,
            queueHighWaterBytes: 100_000,
            droppedBytes: 120_000,
          }
        : drained,
    );
    expect(onsets).toHaveLength(1);
    expect(bursts[0]?.needBytes).toBe(220_000);
  });

  it('does not blame arrivals for a queue that grows because the drain fell', () => {
    const { onsets } = run(300, (index) => ({
      drainBytesPerSecond: index < 150 ? 12.5e6 : 1e6,
      queueHighWaterBytes: index < 150 ? 1500 : 400_000,
      queueBytes: 0,
    }));
    expect(onsets).toHaveLength(0);
  });

  it('dates an onset by how far the queue has fallen since its mark', () => {
    // 20 ms of 40 MB/s from 10.03 s on, mark at 10.05 s, then 11 MB/s of fall for 50 ms.
    const { onsets } = run(120, (index) =>
      index === 100
        ? {
            throughputBytesPerSecond: BASE + (38.5e6 * 20) / 100,
            throughputPeakBytesPerSecond: 40e6,
            drainBytesPerSecond: 12.5e6,
            queueHighWaterBytes: 600_000,
            queueBytes: 600_000 - 11e6 * 0.05,
          }
        : { throughputPeakBytesPerSecond: 2e6, drainBytesPerSecond: 12.5e6, queueBytes: 0 },
    );
    expect(onsets[0]?.timeUnixMs).toBeCloseTo(10_030, 6);
  });

  it('takes steps of 1.3-1.6 x the base and jitter for no burst', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 1.3, max: 1.6, noNaN: true }), (seed, step) => {
        const random = new SeededRandom(seed);
        const { onsets } = run(900, (index) => {
          const level = index % 300 > 150 ? step * BASE : BASE;
          const parts = Array.from({ length: 10 }, () => random.poisson((level * 0.01) / 1500));
          const packets = parts.reduce((a, b) => a + b, 0);
          return {
            throughputBytesPerSecond: packets * 1500 * 10,
            packetsPerSecond: packets * 10,
            throughputPeakBytesPerSecond: Math.max(...parts) * 1500 * 100,
          };
        });
        expect(onsets).toHaveLength(0);
      }),
      { numRuns: 20 },
    );
  });

  it('takes a level that stays for the new normal after the longest burst', () => {
    const { onsets, bursts, detector } = run(1500, (index) =>
      index >= 200 ? { throughputBytesPerSecond: 6 * BASE } : {},
    );
    expect(onsets).toHaveLength(1);
    expect(bursts).toHaveLength(0);
    expect(detector.baselineBytesPerSecond).toBe(6 * BASE);
  });

  it('counts what follows a burst within two seconds as its echo', () => {
    const loud = { throughputBytesPerSecond: 6 * BASE };
    const { onsets, bursts } = run(400, (index) =>
      index === 100 || index === 112 || index === 200 ? loud : {},
    );
    expect(onsets).toHaveLength(2);
    expect(bursts).toHaveLength(2);
  });

  it('takes the first traffic of an idle link for its level within seconds', () => {
    const idle = { throughputBytesPerSecond: 0, throughputPeakBytesPerSecond: 0 };
    const { onsets, bursts, detector } = run(400, (index) =>
      index < 50 ? idle : index === 300 ? { throughputBytesPerSecond: 6 * BASE } : {},
    );
    expect(bursts).toHaveLength(1);
    expect(onsets).toHaveLength(2);
    expect(detector.baselineBytesPerSecond).toBe(BASE);
  });

  it('waits for the shortest burst where one is asked for', () => {
    const at = (length: number) => (index: number) =>
      index >= 100 && index < 100 + length ? { throughputBytesPerSecond: 5 * BASE } : {};
    expect(run(130, at(1), { minimumMs: 200 }).onsets).toHaveLength(0);
    expect(run(130, at(1), { minimumMs: 200 }).bursts).toHaveLength(0);
    expect(run(130, at(2), { minimumMs: 200 }).onsets).toHaveLength(1);
  });

  it('ignores late and repeated samples and goes on after the clock was set back', () => {
    const detector = new OnsetDetector();
    const calm = { throughputBytesPerSecond: BASE };
    for (let index = 100; index < 200; index++) detector.observe(sampleOf(index, calm));
    const loud = { throughputBytesPerSecond: 9 * BASE };
    expect(detector.observe(sampleOf(150, loud))).toEqual({ inBurst: false });
    for (let index = 0; index < 60; index++) detector.observe(sampleOf(index, calm));
    expect(detector.observe(sampleOf(60, loud)).onset).toBeDefined();
  });

  it('never gives a number that is not one, whatever is missing', () => {
    const maybe = fc.option(fc.double({ min: 0, max: 1e8, noNaN: true }), { nil: undefined });
    const measured = fc.record({
      throughputBytesPerSecond: maybe,
      throughputPeakBytesPerSecond: maybe,
      packetsPerSecond: maybe,
      queueBytes: maybe,
      queueHighWaterBytes: maybe,
      droppedBytes: maybe,
      drainBytesPerSecond: maybe,
    });
    fc.assert(
      fc.property(fc.array(measured, { minLength: 30, maxLength: 80 }), (samples) => {
        const { onsets, bursts } = run(samples.length, (index) => samples[index] as Measured);
        for (const part of [...onsets, ...bursts]) {
          for (const [name, value] of Object.entries(part)) {
            if (name !== 'needBytes' || value !== undefined) {
              expect(Number.isFinite(value)).toBe(true);
            }
          }
        }
        for (const { durationS, volumeBytes } of bursts) {
          expect(durationS).toBeGreaterThanOrEqual(0);
          expect(volumeBytes).toBeGreaterThanOrEqual(0);
        }
        expect(bursts.length).toBeLessThanOrEqual(onsets.length);
      }),
    );
  });
});
