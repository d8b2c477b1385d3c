import { ByteFifo } from '@levitate/queueing';
import type { Sample } from '@levitate/series';
import { arrivals, planTraffic, type TrafficOptions } from '@levitate/traffic';
import { describe, expect, it } from 'vitest';
import type { Estimate } from './shadow-lane.ts';
import { ShadowQueue } from './shadow-queue.ts';
import { TargetController, type TargetSettings } from './target-controller.ts';

const staticBytes = 524_288;
/** All that the latency budget allows: what a perfect forecast would have had at every burst. */
const roomyBytes = 1_837_500;

const settings: TargetSettings = {
  kind: 'queue',
  predictive: true,
  min: staticBytes,
  max: 16_777_216,
  latencyBudgetMs: 150,
  maxChangesPerMinute: 10,
  actuationDelayMs: 100,
  periodMs: 100,
  holdMs: 10_000,
  setpoint: 0.7,
};

/** Limit of the real queue in each interval. */
type Control = (tick: number, sample: Sample) => number;

/** Two minutes of traffic over the real queue and over those that the shadow only supposes. */
function play(options: Pick<TrafficOptions, 'kind' | 'seed' | 'burst'>, control: Control) {
  const plan = planTraffic({ ...options, durationMs: 120_000 });
  const { drainBytesPerSecond, packetBytes } = plan;
  const open = (limitBytes: number) =>
    new ByteFifo({ link: 'a', limitBytes, drainBytesPerSecond, packetBytes });
  const [real, reactive, fixed] = [open(staticBytes), open(staticBytes), open(staticBytes)];
  const law = new TargetController({ ...settings, predictive: false });
  const shadow = new ShadowQueue({ settings, staticBytes });
  let counts: ArrayLike<number> = [];
  for (let tick = 0; tick < plan.durationMs / 100; tick += 1) {
    const offset = (tick % 10) * 100;
    if (offset === 0) counts = arrivals(plan, { fromMs: tick * 100, stepMs: 1, count: 1_000 });
    for (let ms = offset; ms < offset + 100; ms += 1) {
      for (const queue of [real, reactive, fixed]) queue.step(counts[ms] ?? 0);
    }
    fixed.skipSample();
    const [sample, own] = [real, reactive].map((queue) => queue.takeSample((tick + 1) * 100));
    const nowMs = tick * 100;
    const size = reactive.limitBytes;
    shadow.step({ nowMs, sample: sample as Sample });
    const decision = law.step({ nowMs, sample: own, forecast: undefined, size });
    reactive.setLimit(decision.allowed);
    real.setLimit(control(tick, sample as Sample));
  }
  const droppedBytes = (queue: ByteFifo) => queue.counters.droppedPackets * packetBytes;
  return {
    reading: shadow.reading,
    truth: {
      real: droppedBytes(real),
      reactive: droppedBytes(reactive),
      fixed: droppedBytes(fixed),
    },
  };
}

const excess = { by: 'excess', shareOfBudget: [0.4, 0.9], spreadMs: [20, 80] } as const;
const traffic = [
  { kind: 'periodic', seed: 1, burst: excess },
  { kind: 'periodic', seed: 3 },
  { kind: 'precursor', seed: 1 },
  { kind: 'precursor', seed: 2, burst: excess },
  { kind: 'random', seed: 4, burst: excess },
] as const;

function expectTruth(estimate: Estimate, truth: number): void {
  const tolerance = 20_000 + 0.01 * truth;
  expect(Math.abs(estimate.bytes - truth)).toBeLessThan(tolerance);
  expect(estimate.low).toBeLessThan(truth + tolerance);
  expect(estimate.high).toBeGreaterThan(truth - tolerance);
}

describe('ShadowQueue', () => {
  it.each(traffic)('estimates within 1 % what was prevented of $kind, seed $seed', (options) => {
    const { reading, truth } = play(options, () => roomyBytes);
    expect(truth.fixed).toBeGreaterThan(truth.real);
    expect(reading.droppedBytes).toBeCloseTo(truth.real, -3);
    expectTruth(reading.fixed.droppedBytes, truth.fixed);
    expectTruth(reading.reactive.droppedBytes, truth.reactive);
    expectTruth(reading.prevented.overStatic, truth.fixed - truth.real);
    expectTruth(reading.prevented.overReactive, truth.reactive - truth.real);
  });

  it.each(traffic.slice(0, 2))(
    'prevents nothing by no control, of $kind, seed $seed',
    (options) => {
      const { reading, truth } = play(options, () => staticBytes);
      expect(Math.abs(reading.prevented.overStatic.bytes)).toBeLessThan(10_000);
      expectTruth(reading.reactive.droppedBytes, truth.reactive);
    },
  );

  it('shows what control costs as drops prevented below zero', () => {
    const { reading, truth } = play(traffic[0], () => 100_000);
    expect(reading.prevented.overStatic.high).toBeLessThan(0);
    expectTruth(reading.fixed.droppedBytes, truth.fixed);
  });

  it('says nothing of what was not measured, and goes on after it', () => {
    const shadow = new ShadowQueue({ settings, staticBytes });
    const sample = (tick: number, of: Partial<Sample> = {}): Sample => ({
      link: 'a',
      timeUnixMs: tick * 100,
      intervalMs: 100,
      throughputBytesPerSecond: 10_000_000,
      queueBytes: 0,
      queueHighWaterBytes: 1_000_000,
      droppedBytes: 0,
      limitBytes: roomyBytes,
      drainBytesPerSecond: 12_500_000,
      origin: 'simulated',
      ...of,
    });
    const step = (tick: number, of?: Partial<Sample>) =>
      shadow.step({ nowMs: tick * 100, sample: sample(tick, of) });
    step(0); // Where the queue stood before it is not known.
    step(1);
    step(2, { queueBytes: undefined, queueHighWaterBytes: Number.NaN });
    step(3); // Began where nobody measured.
    step(4);
    step(50); // After a gap.
    step(51, { drainBytesPerSecond: 0 });
    const { intervals, unmeasured, fixed, prevented } = shadow.reading;
    expect([intervals, unmeasured]).toEqual([2, 5]);
    expect(fixed.droppedBytes.bytes).toBe(2 * (1_000_000 - staticBytes));
    expect(prevented.overReactive.bytes).toBeLessThan(prevented.overStatic.bytes);
  });

  it('gives a slow actuator its limits as late as they would have come', () => {
    const slow = new ShadowQueue({ settings: { ...settings, actuationDelayMs: 500 }, staticBytes });
    const limits: number[] = [];
    for (let tick = 0; tick < 10; tick += 1) {
      const sample: Sample = {
        link: 'a',
        timeUnixMs: tick * 100,
        intervalMs: 100,
        throughputBytesPerSecond: 12_000_000,
        queueBytes: 0,
        queueHighWaterBytes: 900_000,
        droppedBytes: 0,
        limitBytes: roomyBytes,
        drainBytesPerSecond: 12_500_000,
        origin: 'simulated',
      };
      slow.step({ nowMs: tick * 100, sample });
      limits.push(slow.reading.reactive.limitBytes);
    }
    // Asked for at tick 1, the first that was measured.
    expect(limits.findIndex((limit) => limit > staticBytes)).toBe(5);
  });
});
