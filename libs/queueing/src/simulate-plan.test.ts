import {
  OnsetDetector,
  type PlannedBurst,
  planTraffic,
  type TrafficOptions,
} from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import { simulatePlan } from './simulate-plan.ts';

interface Found {
  hits: { burst: PlannedBurst; lateMs: number; atEnd: { lateMs: number; volumeBytes: number } }[];
  missed: number;
  falseAlarms: number;
  planned: number;
}

/** Run plans through queue and detector and pair each burst with the onset within half a second. */
function detect(seeds: number, options: Omit<TrafficOptions, 'seed'>): Found {
  const found: Found = { hits: [], missed: 0, falseAlarms: 0, planned: 0 };
  for (let seed = 0; seed < seeds; seed++) {
    const plan = planTraffic({ ...options, seed });
    const detector = new OnsetDetector();
    const onsets: number[] = [];
    const ends: { timeUnixMs: number; volumeBytes: number }[] = [];
    for (const { sample } of simulatePlan({ plan, limitBytes: 524_288 })) {
      const { onset, ended } = detector.observe(sample);
      if (onset) onsets.push(onset.timeUnixMs);
      if (ended) ends.push(ended);
    }
    const bursts = plan.bursts.filter((b) => b.timeMs + b.durationMs + 1000 < plan.durationMs);
    found.planned += bursts.length;
    for (const burst of bursts) {
      const index = onsets.findIndex((timeMs) => Math.abs(timeMs - burst.timeMs) < 500);
      const end = ends[index];
      if (index < 0 || end === undefined) found.missed++;
      else {
        const lateMs = (onsets[index] as number) - burst.timeMs;
        const atEnd = { lateMs: end.timeUnixMs - burst.timeMs, volumeBytes: end.volumeBytes };
        found.hits.push({ burst, lateMs, atEnd });
      }
    }
    const near = (timeMs: number) => plan.bursts.some((b) => Math.abs(timeMs - b.timeMs) < 500);
    found.falseAlarms += onsets.filter((timeMs) => !near(timeMs)).length;
  }
  return found;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('onset detection on simulated samples', () => {
  const durationMs = 240_000;
  const backgroundBytesPerSecond = 1.25e6;

  it.each(['periodic', 'precursor'] as const)(
    'finds every burst of 20-80 ms and takes no decoy for one, on %s traffic',
    (kind) => {
      const burst = { by: 'excess', shareOfBudget: [0.3, 0.9] } as const;
      const found = detect(3, { kind, durationMs, backgroundBytesPerSecond, burst });
      expect(found.planned).toBeGreaterThan(25);
      expect(found.missed).toBe(0);
      expect(found.falseAlarms).toBe(0);
      // A few milliseconds where the queue tells the end of the burst, else half a sample.
      const late = found.hits.map((hit) => hit.lateMs);
      expect(Math.max(...late.map(Math.abs))).toBeLessThan(75);
      expect(Math.abs(mean(late))).toBeLessThan(5);
      const sharp = late.filter((ms) => Math.abs(ms) <= 15);
      expect(sharp.length / late.length).toBeGreaterThan(0.9);
      const volume = found.hits.map(({ burst: planned, atEnd }) => {
        const bytes = (planned.peakPps * 1500 + 1.25e6) * (planned.durationMs / 1000);
        return atEnd.volumeBytes / bytes;
      });
      expect(mean(volume)).toBeGreaterThan(0.95);
      expect(mean(volume)).toBeLessThan(1.1);
    },
  );

  it.each(['periodic', 'precursor'] as const)(
    'finds bursts of 0.05-3 s at 5-15 x the base, on %s traffic',
    (kind) => {
      const found = detect(4, { kind, durationMs, basePps: [1000, 2083] });
      expect(found.planned).toBeGreaterThan(30);
      expect(found.missed).toBe(0);
      expect(found.falseAlarms).toBe(0);
      const atEnd = found.hits
        .filter((hit) => hit.burst.durationMs > 200)
        .map((hit) => Math.abs(hit.atEnd.lateMs));
      // The edge of a burst over several samples is known far better than a sample's length.
      expect(mean(atEnd)).toBeLessThan(15);
    },
  );

  it('takes flat traffic, collapses of the drain and a sawtooth for no burst', () => {
    for (const kind of ['flat', 'sawtooth', 'capacity-collapse'] as const) {
      const found = detect(2, { kind, durationMs: 100_000, basePps: [1000, 2000] });
      expect(found.falseAlarms).toBe(0);
    }
  });

  it('takes the seed document’s pattern for what it is', () => {
    const found = detect(1, {
      kind: 'periodic',
      durationMs: 120_000,
      drainBytesPerSecond: 9500 * 1500,
      basePps: [1000, 1000],
      intervalS: [10, 10],
      jitterS: 0,
      variation: 0,
      burst: { by: 'amplitude', amplitude: [10, 10], lengthS: [2, 2] },
      decoys: false,
    });
    expect(found).toMatchObject({ missed: 0, falseAlarms: 0 });
    expect(found.planned).toBeGreaterThan(8);
  });
});

describe('simulatePlan', () => {
  it('acts on a limit set between two samples in the next interval', () => {
    const plan = planTraffic({ kind: 'flat', seed: 1, durationMs: 1000, basePps: [2000, 2000] });
    const limits: (number | undefined)[] = [];
    const dropped: number[] = [];
    for (const { sample, queue } of simulatePlan({ plan, limitBytes: 1e6 })) {
      limits.push(sample.limitBytes);
      dropped.push(sample.droppedPackets ?? Number.NaN);
      queue.setLimit(0);
    }
    expect(limits).toHaveLength(10);
    expect(limits.slice(0, 3)).toEqual([1e6, 0, 0]);
    expect(dropped[0]).toBe(0);
    expect(dropped[1]).toBeGreaterThan(100);
  });

  it('queues under a collapse of the drain', () => {
    const plan = planTraffic({ kind: 'capacity-collapse', seed: 2, durationMs: 120_000 });
    let most = 0;
    for (const { sample } of simulatePlan({ plan, limitBytes: 1e6 })) {
      most = Math.max(most, sample.queueHighWaterBytes ?? 0);
    }
    expect(plan.drainFactor.length).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(20_000);
  });
});
