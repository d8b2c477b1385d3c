import { ByteFifo } from '@levitate/queueing';
import { arrivals, planTraffic } from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import { RecommendedDrops } from './recommended-drops.ts';

const staticBytes = 524_288;
const roomyBytes = 1_837_500;

/** A minute of bursts over a queue that stays as it is, and over the one that is recommended. */
function play(recommendedBytes: number) {
  const plan = planTraffic({ kind: 'periodic', seed: 3, durationMs: 60_000 });
  const { drainBytesPerSecond, packetBytes } = plan;
  const open = (limitBytes: number) =>
    new ByteFifo({ link: 'a', limitBytes, drainBytesPerSecond, packetBytes });
  const [real, other] = [open(staticBytes), open(recommendedBytes)];
  const drops = new RecommendedDrops({ periodMs: 100 });
  for (let tick = 0; tick < plan.durationMs / 100; tick += 1) {
    const counts = arrivals(plan, { fromMs: tick * 100, stepMs: 1, count: 100 });
    for (const count of counts) for (const queue of [real, other]) queue.step(count);
    drops.step(real.takeSample((tick + 1) * 100), recommendedBytes);
    other.skipSample();
  }
  const droppedBytes = (queue: ByteFifo) => queue.counters.droppedPackets * packetBytes;
  return { ...drops.reading, real: droppedBytes(real), other: droppedBytes(other) };
}

describe('RecommendedDrops', () => {
  it('estimates within 1 % what the recommended limit would have dropped', () => {
    const { measuredBytes, recommended, real, other } = play(roomyBytes);
    expect(real).toBeGreaterThan(1.5 * other);
    expect(Math.abs(measuredBytes - real)).toBeLessThan(20_000 + 0.01 * real);
    expect(Math.abs(recommended.bytes - other)).toBeLessThan(20_000 + 0.01 * real);
    expect(recommended.low).toBeLessThanOrEqual(recommended.bytes);
    expect(recommended.high).toBeGreaterThanOrEqual(recommended.bytes);
  });

  it('shows what a smaller limit would have cost', () => {
    const { measuredBytes, recommended } = play(staticBytes / 2);
    expect(recommended.bytes).toBeGreaterThan(measuredBytes);
  });
});
