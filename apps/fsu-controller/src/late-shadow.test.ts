import { ShadowQueue } from '@levitate/control';
import type { Sample } from '@levitate/series';
import { describe, expect, it } from 'vitest';
import { LateShadow } from './late-shadow.ts';

const settings = {
  kind: 'queue',
  predictive: true,
  min: 524_288,
  max: 16_777_216,
  latencyBudgetMs: 150,
  maxChangesPerMinute: 10,
  actuationDelayMs: 100,
  periodMs: 100,
  holdMs: 10_000,
  setpoint: 0.7,
} as const;
const options = { settings, staticBytes: 524_288 };

/** Bursts that a queue of the original size drops of. */
function sampleAt(tick: number): Sample {
  const isBurst = tick % 37 < 3;
  return {
    link: 'uplink',
    timeUnixMs: 100 * tick,
    intervalMs: 100,
    throughputBytesPerSecond: isBurst ? 20_000_000 : 100_000 + tick,
    queueBytes: isBurst ? 400_000 : 0,
    queueHighWaterBytes: isBurst ? 700_000 + 1_000 * tick : 3_000,
    droppedBytes: tick % 37 === 1 ? 60_000 : 0,
    limitBytes: 900_000,
    drainBytesPerSecond: 12_500_000,
    origin: 'simulated',
  };
}

describe('LateShadow', () => {
  it('reads as one that was never late, whenever it is read and catches up', () => {
    const prompt = new ShadowQueue(options);
    const [never, often, seldom] = [0, 0, 0].map(() => new LateShadow(options));
    for (let tick = 0; tick < 1_500; tick += 1) {
      const step = { nowMs: 100 * tick, sample: sampleAt(tick) };
      prompt.step(step);
      for (const late of [never, often, seldom]) late?.take(step);
      if (tick % 10 === 7) often?.catchUp();
      if (tick % 400 === 0) expect(seldom?.reading).toEqual(prompt.reading);
    }
    const { intervals, fixed } = prompt.reading;
    expect(intervals).toBeGreaterThan(1_400);
    expect(fixed.droppedBytes.bytes).toBeGreaterThan(1_000_000);
    for (const late of [never, often, seldom]) expect(late?.reading).toEqual(prompt.reading);
  });
});
