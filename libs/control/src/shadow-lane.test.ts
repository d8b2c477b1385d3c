import { SeededRandom } from '@levitate/clock';
import { ByteFifo } from '@levitate/queueing';
import { describe, expect, it } from 'vitest';
import { type MeasuredInterval, ShadowLane } from './shadow-lane.ts';

const drainBytesPerSecond = 12_500_000;
const packetBytes = 1_500;

/** An interval of 100 ms that began and ended with an empty queue. */
const interval = (of: Partial<MeasuredInterval> = {}): MeasuredInterval => ({
  intervalMs: 100,
  arrivedBytes: 1_000_000,
  droppedBytes: 0,
  startBytes: 0,
  endBytes: 0,
  highWaterBytes: 3_000,
  drainBytesPerSecond,
  peakBytesPerSecond: 30_000_000,
  limitBytes: 500_000,
  ...of,
});

/** Drops of one interval by a queue of this limit that was as the real one before. */
const droppedBy = (limitBytes: number, of: Partial<MeasuredInterval>) => {
  const lane = new ShadowLane();
  lane.step(interval(of), limitBytes);
  return lane.droppedBytes;
};

describe('ShadowLane', () => {
  it.each([
    ['its own limit', 500_000, 200_000, 200_000],
    ['a limit that holds all of it', 700_000, 200_000, 0],
    ['a limit that holds half of what was dropped', 600_000, 200_000, 100_000],
    ['a lower limit', 400_000, 200_000, 300_000],
    ['a lower limit than a peak that was held', 400_000, 0, 100_000],
  ])('under %s a burst loses what was beyond it', (_, limitBytes, droppedBytes, expected) => {
    const dropped = droppedBy(limitBytes, { highWaterBytes: 500_000, droppedBytes });
    expect(dropped.bytes).toBe(expected);
    expect(dropped.low).toBeLessThanOrEqual(expected);
    expect(dropped.high).toBeGreaterThanOrEqual(expected);
  });

  it('keeps what the real queue dropped until the drain is idle', () => {
    const lane = new ShadowLane();
    const full = { startBytes: 500_000, endBytes: 500_000, highWaterBytes: 500_000 };
    const filling = { endBytes: 500_000, highWaterBytes: 500_000, arrivedBytes: 1_950_000 };
    lane.step(interval({ ...filling, droppedBytes: 200_000 }), 1_000_000);
    const next = interval({ ...full, arrivedBytes: 1_350_000, droppedBytes: 100_000 });
    expect(lane.step(next, 1_000_000).endBytes).toBe(800_000);
    expect(lane.step(next, 850_000)).toMatchObject({ droppedBytes: 50_000, endBytes: 850_000 });
    const draining = interval({ startBytes: 500_000, highWaterBytes: 500_000, arrivedBytes: 0 });
    expect(lane.step(draining, 850_000)).toMatchObject({ droppedBytes: 0, endBytes: 0 });
  });

  it('counts what was dropped under a limit that fell from where the queue came down to', () => {
    const of = { startBytes: 1_500_000, highWaterBytes: 1_500_000, endBytes: 600_000 };
    const dropped = droppedBy(1_800_000, { ...of, droppedBytes: 900_000, arrivedBytes: 1_250_000 });
    expect(dropped.bytes).toBe(0);
    expect(dropped.high).toBe(600_000);
  });

  it('knows only bounds where several bursts may lie within one interval', () => {
    const of = { highWaterBytes: 300_000, arrivedBytes: 900_000, peakBytesPerSecond: 40_000_000 };
    const { bytes, low, high } = droppedBy(200_000, of);
    expect([low, bytes, high]).toEqual([100_000, 100_000, 300_000]);
    // Below the drain nothing can have risen twice, but for what comes within 10 ms.
    const steady = droppedBy(200_000, { ...of, peakBytesPerSecond: 9_000_000 });
    expect(steady.high).toBe(100_000);
  });

  it('has the truth of a simulator of 1 ms within its bounds and is 1 % off it on the mean', () => {
    let truths = 0;
    let error = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const { dropped, truth } = playAtRandom(seed);
      const tolerance = 20_000 + 0.01 * truth;
      expect(dropped.low, `low of seed ${seed}`).toBeLessThan(truth + tolerance);
      expect(dropped.high, `high of seed ${seed}`).toBeGreaterThan(truth - tolerance);
      truths += truth;
      error += Math.abs(dropped.bytes - truth);
    }
    expect(truths).toBeGreaterThan(1e9);
    expect(error / truths).toBeLessThan(0.01);
  });
});

/**
 * Five seconds of Poisson arrivals in stretches of 2 to 300 ms at up to eight times the drain, met
 * by a queue whose limit may change, and by another whose limit does not: the truth.
 */
function playAtRandom(seed: number) {
  const random = new SeededRandom(seed);
  const anyLimit = () => random.logUniform(60_000, 2_000_000);
  const open = (limitBytes: number) =>
    new ByteFifo({ link: 'a', limitBytes, drainBytesPerSecond, packetBytes });
  const other = anyLimit();
  const [real, shadowed] = [open(anyLimit()), open(other)];
  const lane = new ShadowLane();
  const doesChange = random.float() < 0.5;
  let [stretchMs, load, startBytes, slackBytes] = [0, 0, 0, 0];
  for (let tick = 0; tick < 50; tick += 1) {
    for (let ms = 0; ms < 100; ms += 1) {
      stretchMs -= 1;
      if (stretchMs <= 0) {
        stretchMs = random.logUniform(2, 300);
        load = random.float() < 0.5 ? random.uniform(0, 0.8) : random.logUniform(0.8, 8);
      }
      const packets = random.poisson((load * drainBytesPerSecond) / 1000 / packetBytes);
      real.step(packets);
      shadowed.step(packets);
    }
    shadowed.skipSample();
    const sample = real.takeSample(tick * 100);
    const measured = interval({
      arrivedBytes: (sample.throughputBytesPerSecond as number) / 10,
      droppedBytes: sample.droppedBytes,
      startBytes,
      endBytes: sample.queueBytes,
      highWaterBytes: sample.queueHighWaterBytes,
      peakBytesPerSecond: sample.throughputPeakBytesPerSecond,
      limitBytes: real.limitBytes,
    });
    if (measured.droppedBytes > 0) {
      slackBytes = Math.min(packetBytes, Math.max(0, real.limitBytes - measured.highWaterBytes));
    }
    lane.step(measured, other - slackBytes);
    startBytes = measured.endBytes;
    if (doesChange && random.float() < 0.05) real.setLimit(anyLimit());
  }
  const truth = shadowed.counters.droppedPackets * packetBytes;
  return { dropped: lane.droppedBytes, truth };
}
