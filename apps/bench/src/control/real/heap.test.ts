import { managedHeapBench } from '@levitate/queueing';
import type { HeapLoad, HeapTrial } from '@levitate/resource-adapters/jvm/lab';
import { describe, expect, it } from 'vitest';
import { heapLoadOf, heapTotalsOf, liveBytesMax, realHeapBounds } from './heap-load.ts';
import { tuneHeaps } from './heap-static.ts';
import type { RealTrial } from './trial.ts';

const mib = 2 ** 20;

/** Simulated requests a second, evenly. */
function evenly(perSecond: number, seconds = 80): RealTrial {
  const atMs = Float64Array.from(
    { length: perSecond * seconds },
    (_, index) => ((index + 0.5) * 1_000) / perSecond,
  );
  return {
    arrivals: { atMs, work: new Float64Array(atMs.length) },
    countedFromMs: 20_000,
    recentPerSecondMax: 2 * perSecond,
    tunedSize: 0,
    slowdowns: [],
  };
}

function trialOf(changed: Partial<HeapTrial> = {}): HeapTrial {
  return {
    arrived: 1_000,
    rejected: 0,
    delayMsP99: 5,
    lagMsP99: 0,
    committedBytes: 100 * mib,
    needBytes: 200 * mib,
    collectorCpuS: 0.6,
    elapsedS: 60,
    changes: 3,
    ...changed,
  };
}

describe('heapLoadOf', () => {
  it('is a sixteenth of the simulated server: bytes a second, bytes held, bounds', () => {
    const load = heapLoadOf(evenly(managedHeapBench.peak), 1);
    const { requestBytes, heldBytes, heldMs, ratePerSecondBefore = 0 } = load;
    expect(ratePerSecondBefore * requestBytes).toBeCloseTo(2e9 / 16);
    const liveBytes = load.baseBytes + (ratePerSecondBefore * heldBytes * heldMs) / 1_000;
    expect(liveBytes).toBeCloseTo((0.5e9 + 3e9) / 16);
    expect(realHeapBounds.maxBytes).toBe(715 * mib);
    expect(realHeapBounds.minBytes).toBe(60 * mib);
  });

  it('begins with the most of the minute before, then follows the trial by the second', () => {
    const { rates, warmTicks, tickMs } = heapLoadOf(evenly(400), 1);
    expect(rates.slice(0, 4)).toEqual([200, 200, 100, 100]);
    expect(rates).toHaveLength(82);
    expect({ warmTicks, tickMs }).toEqual({ warmTicks: 22, tickMs: 1_000 });
  });
});

it('liveBytesMax is what a steady load holds, and a little more after its remembered peak', () => {
  const load: HeapLoad = { ...heapLoadOf(evenly(400), 1), rates: Array(80).fill(100) };
  const steady = load.baseBytes + 100 * 60 * load.heldBytes;
  expect(liveBytesMax(load) / steady).toBeCloseTo(1, 1);
  expect(liveBytesMax(heapLoadOf(evenly(400), 1))).toBeGreaterThan(liveBytesMax(load));
});

it('heapTotalsOf reserves what is committed over the peak need and the share of one core', () => {
  const totals = heapTotalsOf(trialOf({ rejected: 10 }), 200 * mib);
  expect(totals.reservedOverPeak).toBeCloseTo(0.5 + 0.01, 9);
  expect(totals).toMatchObject({ arrived: 1_000, rejected: 10, served: 990, changes: 3 });
  expect(totals.delayP99Seconds).toBeCloseTo(0.005, 9);
});

describe('tuneHeaps', () => {
  const loads = [200, 900, 300].map((perSecond, seed) => heapLoadOf(evenly(perSecond), seed));
  const training = new Map([['even', loads]]);

  it('takes the least size that bears the heaviest and the middle load', async () => {
    const heaviest = liveBytesMax(loads[1] as HeapLoad);
    const seeds: number[] = [];
    const { sizes, peakNeedBytes } = await tuneHeaps({
      training,
      play: (load, tried) => {
        seeds.push(load.seed);
        const room = 1.3 * liveBytesMax(load);
        const play = (committedBytes: number) =>
          trialOf({ committedBytes, rejected: committedBytes < room ? 50 : 0 });
        return Promise.resolve(tried.map(play));
      },
    });
    expect(seeds).toEqual([1, 2]);
    expect(sizes.get('even')).toBe(Math.round((heaviest * 1.1 ** 3) / mib) * mib);
    expect(peakNeedBytes).toBe(200 * mib);
  });

  it('says what is missing', async () => {
    const none = tuneHeaps({ training: new Map([['even', []]]), play: () => Promise.resolve([]) });
    await expect(none).rejects.toThrow('no training trial of even');
  });
});
