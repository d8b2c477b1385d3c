import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueueReading } from './kernel.ts';
import { LinkMeter } from './link-meter.ts';
import { idleQueue as idle } from './testing/idle-queue.ts';

function meter(): LinkMeter {
  return new LinkMeter({ pollMs: 10, readingsMax: 20 });
}

/** Observes readings 10 ms apart, the first at 0, and closes the interval at the last. */
function sampleOf(one: LinkMeter, readings: (Partial<QueueReading> | undefined)[]) {
  readings.forEach((reading, index) => {
    one.observe(reading && { ...idle, ...reading }, index * 10);
  });
  const nowMs = (readings.length - 1) * 10;
  return one.measure(nowMs);
}

it('arrivals are what left, what stays and what was dropped at the mean size of the others', () => {
  const sample = sampleOf(meter(), [
    {},
    {
      sentBytes: 15_000,
      sentPackets: 10,
      backlogBytes: 7_500,
      backlogPackets: 5,
      dropped: 4,
    },
  ]);
  expect(sample).toMatchObject({
    droppedPackets: 4,
    droppedBytes: 6_000,
    throughputBytesPerSecond: 28_500 / 0.01,
    packetsPerSecond: 19 / 0.01,
    queueBytes: 7_500,
    queuePackets: 5,
    limitBytes: 60_000,
    drainBytesPerSecond: 12_500_000,
    intervalMs: 10,
  });
});

it('the high-water mark is of all readings, the start of the interval included', () => {
  const one = meter();
  const queue = (backlogBytes: number) => ({ backlogBytes, backlogPackets: 1 });
  const first = sampleOf(one, [queue(100), queue(9_000), queue(200)]);
  expect(first.queueHighWaterBytes).toBe(9_000);
  expect(first.queueBytes).toBe(200);
  one.observe({ ...idle, ...queue(50), sentBytes: 9_000, sentPackets: 9 }, 30);
  expect(one.measure(30).queueHighWaterBytes).toBe(200);
});

it('a burst between two readings counts with what it can have filled', () => {
  const roomy = { limitBytes: 1_000_000 };
  const full = { ...roomy, sentBytes: 125_000, sentPackets: 84, backlogBytes: 300_000 };
  // 425,000 arrived; 300,000 of them are still there, and 10 ms drain 125,000.
  expect(sampleOf(meter(), [roomy, full]).queueHighWaterBytes).toBe(425_000);
  // Where packets were dropped the queue was full.
  expect(sampleOf(meter(), [roomy, { ...full, dropped: 3 }]).queueHighWaterBytes).toBe(1_000_000);
  // What drains as it comes fills nothing.
  const calm = { ...roomy, sentBytes: 40_000, sentPackets: 27 };
  expect(sampleOf(meter(), [roomy, calm]).queueHighWaterBytes).toBe(0);
});

it('the peak is the highest rate of one step, the throughput the mean of all', () => {
  const sample = sampleOf(meter(), [
    {},
    { sentBytes: 1_000, sentPackets: 1 },
    { sentBytes: 10_000, sentPackets: 10 },
    { sentBytes: 11_000, sentPackets: 11 },
  ]);
  expect(sample.throughputPeakBytesPerSecond).toBe(900_000);
  expect(sample.throughputBytesPerSecond).toBeCloseTo(11_000 / 0.03, 6);
});

it('a short step after a late one does not inflate the peak', () => {
  const one = meter();
  one.observe(idle, 0);
  one.observe({ ...idle, sentBytes: 1_000, sentPackets: 1 }, 18);
  one.observe({ ...idle, sentBytes: 2_000, sentPackets: 2 }, 20);
  const sample = one.measure(20);
  expect(sample.throughputPeakBytesPerSecond).toBe(100_000);
});

it('latency is backlog over drain, by nearest rank over the readings', () => {
  const readings = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ backlogBytes: n * 12_500 }));
  const sample = sampleOf(meter(), readings);
  expect(sample.latencyP50Seconds).toBeCloseTo(0.004, 9);
  expect(sample.latencyP95Seconds).toBeCloseTo(0.009, 9);
  const unknown = readings.map((one) => ({ ...one, drainBytesPerSecond: undefined }));
  expect(sampleOf(meter(), unknown).latencyP50Seconds).toBeUndefined();
});

it('before the first step nothing is known of arrivals, only of the queue', () => {
  const one = meter();
  one.observe({ ...idle, sentBytes: 5_000, backlogBytes: 70 }, 0);
  const sample = one.measure(0);
  expect(sample.throughputBytesPerSecond).toBeUndefined();
  expect(sample.droppedPackets).toBeUndefined();
  expect(sample.queueBytes).toBe(70);
});

it('an interface that is gone leaves values missing, and its return is no burst', () => {
  const one = meter();
  sampleOf(one, [{}, { sentBytes: 1_000, sentPackets: 1 }]);
  one.observe(undefined, 20);
  one.observe(undefined, 30);
  const blind = one.measure(30);
  expect(blind.throughputBytesPerSecond).toBeUndefined();
  expect(blind.queueBytes).toBeUndefined();
  expect(blind.queueHighWaterBytes).toBeUndefined();
  expect(blind.latencyP50Seconds).toBeUndefined();
  expect(blind.limitBytes).toBeUndefined();
  one.observe({ ...idle, sentBytes: 900_000, sentPackets: 600 }, 40);
  one.observe({ ...idle, sentBytes: 901_500, sentPackets: 601 }, 50);
  const back = one.measure(50);
  expect(back.throughputBytesPerSecond).toBe(150_000);
  expect(one.counts).toEqual({ resets: 0, disappearances: 1 });
});

it.each([
  ['counters that go back', { sentBytes: 10, sentPackets: 1 }],
  ['another handle', { sentBytes: 90_000, sentPackets: 90, handle: 0x20000 }],
  ['another kind', { sentBytes: 90_000, sentPackets: 90, kind: 'bfifo' }],
  ['another interface of the same name', { sentBytes: 90_000, sentPackets: 90, ifindex: 9 }],
])('%s are a reset, counted, and give no arrivals', (_name, change) => {
  const one = meter();
  const sample = sampleOf(one, [{ sentBytes: 50_000, sentPackets: 50 }, change]);
  expect(one.counts.resets).toBe(1);
  expect(sample.throughputBytesPerSecond).toBeUndefined();
});

it('a drop counter that wraps at 32 bits goes on counting', () => {
  const one = meter();
  const sample = sampleOf(one, [
    { dropped: 2 ** 32 - 3, sentBytes: 1_000, sentPackets: 1 },
    { dropped: 5, sentBytes: 2_000, sentPackets: 2 },
  ]);
  expect(sample.droppedPackets).toBe(8);
  expect(one.counts.resets).toBe(0);
});

it('a queue emptied by force gives no negative arrivals', () => {
  const sample = sampleOf(meter(), [{ backlogBytes: 30_000, backlogPackets: 20 }, {}]);
  expect(sample.throughputBytesPerSecond).toBe(0);
  expect(sample.packetsPerSecond).toBe(0);
});

it('no packet is lost or counted twice over many intervals, and nothing is ever NaN', () => {
  const step = fc.record({
    arrived: fc.nat(40),
    served: fc.nat(40),
    isEnd: fc.boolean(),
    elapsedMs: fc.integer({ min: 1, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const one = meter();
      const queue = { ...idle };
      let nowMs = 0;
      let arrivedTotal = 0;
      let counted = 0;
      one.observe({ ...queue }, nowMs);
      for (const { arrived, served, isEnd, elapsedMs } of [...steps, lastStep]) {
        const accepted = Math.min(arrived, 40 - queue.backlogPackets);
        const sent = Math.min(served, queue.backlogPackets + accepted);
        queue.dropped += arrived - accepted;
        queue.sentPackets += sent;
        queue.sentBytes += sent * 1_500;
        queue.backlogPackets += accepted - sent;
        queue.backlogBytes = queue.backlogPackets * 1_500;
        arrivedTotal += arrived;
        nowMs += elapsedMs;
        one.observe({ ...queue }, nowMs);
        if (!isEnd) continue;
        const sample = one.measure(nowMs);
        counted += ((sample.packetsPerSecond ?? 0) * (sample.intervalMs ?? 0)) / 1000;
        for (const value of Object.values(sample)) expect(value).not.toBeNaN();
      }
      expect(counted).toBeCloseTo(arrivedTotal, 6);
    }),
  );
});

const lastStep = { arrived: 3, served: 1, isEnd: true, elapsedMs: 10 };
