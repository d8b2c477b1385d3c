import { VirtualClock } from '@levitate/clock';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { Collector, type EgressCounters } from './collector.ts';
import type { Kernel } from './kernel.ts';
import { idleQueue } from './testing/idle-queue.ts';

function setUp(
  options: {
    kind?: Kernel['kind'];
    holdUpMs?: (poll: number) => number;
    programs?: EgressCounters;
  } = {},
) {
  const { kind = 'real', holdUpMs = () => 0, programs } = options;
  let polls = 0;
  const clock = new VirtualClock();
  const batches: Sample[][] = [];
  const limits = new Map<string, number>();
  const kernel = {
    kind,
    links: [
      { name: 'a', interface: 'v0' },
      { name: 'b', interface: 'v1' },
    ],
    poll: () => {
      const read = { ...idleQueue, sentBytes: clock.monotonicMs() * 100 };
      clock.advance(holdUpMs(polls++));
      return [read, undefined];
    },
  } as unknown as Kernel;
  const collector = new Collector({
    kernel,
    programs,
    clock,
    pollMs: 10,
    intervalMs: 100,
    changedLimits: () => {
      const changed = new Map(limits);
      limits.clear();
      return changed;
    },
    onSamples: (samples) => batches.push(samples),
  });
  const run = (ms: number, stepMs = 10) => {
    for (let at = 0; at < ms; at += stepMs) {
      clock.advance(stepMs);
      collector.tick();
    }
  };
  return { clock, batches, collector, run, limits, polls: () => polls };
}

it('every 100 ms there is a sample of each link, missing ones included', () => {
  const { batches, run } = setUp();
  run(1_000);
  expect(batches.length).toBe(10);
  expect(batches[3]?.map(({ link, sequence }) => [link, sequence])).toEqual([
    ['a', 4],
    ['b', 4],
  ]);
  expect(batches[3]?.[0]?.throughputBytesPerSecond).toBeCloseTo(100_000, 6);
  expect(batches[3]?.[1]?.throughputBytesPerSecond).toBeUndefined();
});

it('late ticks move no later sample off the grid', () => {
  const { clock, batches, run } = setUp();
  const startUnixMs = clock.unixMs();
  run(5_000, 13);
  const times = batches.map(([first]) => (first?.timeUnixMs ?? 0) - startUnixMs);
  expect(times).toEqual(times.map((_, index) => (index + 1) * 100));
});

it('intervals without a tick are counted and covered by the sample after them', () => {
  const { clock, batches, collector, run } = setUp();
  run(100);
  clock.advance(430);
  collector.tick();
  run(70);
  expect(collector.intervalsMissed).toBe(3);
  expect(batches.length).toBe(3);
  expect(batches[1]?.[0]?.intervalMs).toBe(430);
  expect(batches[1]?.[0]?.throughputBytesPerSecond).toBeCloseTo(100_000, 6);
  expect(batches[2]?.[0]?.intervalMs).toBe(70);
});

it('a step of the wall clock shows in the next sample at once and not in its rates', () => {
  const { clock, batches, run } = setUp();
  const startUnixMs = clock.unixMs();
  run(100);
  clock.step(-5_000);
  run(100);
  const [first, second] = batches.map(([one]) => one);
  expect(first?.timeUnixMs).toBe(startUnixMs + 100);
  expect(second?.timeUnixMs).toBe(startUnixMs + 200 - 5_000);
  expect(second?.intervalMs).toBe(100);
  expect(second?.throughputBytesPerSecond).toBeCloseTo(100_000, 6);
});

it('samples of a simulated kernel say so', () => {
  const { batches, run } = setUp({ kind: 'simulated' });
  run(100);
  expect(batches[0]?.[0]?.origin).toBe('simulated');
});

it('a reading during which the process was held up makes no burst', () => {
  const { clock, batches, collector, run } = setUp({ holdUpMs: (poll) => (poll === 14 ? 60 : 0) });
  run(1_000);
  expect(clock.monotonicMs()).toBe(1_060);
  expect(collector.intervalsMissed).toBe(0);
  for (const [sample] of batches) {
    expect(sample?.throughputBytesPerSecond).toBeCloseTo(100_000, 0);
    expect(sample?.throughputPeakBytesPerSecond).toBeLessThan(101_000);
  }
});

it('a host that is always held up is still watched', () => {
  const { batches, run } = setUp({ holdUpMs: () => 5 });
  run(1_000);
  expect(batches.length).toBeGreaterThan(8);
});

/** Programs that count links `counted`; 1,000 B in each slot, closed 4 ms before the read. */
function counters(counted: readonly number[], highWaterBytes = () => 7_000) {
  const followed: (number | undefined)[][] = [[], []];
  const programs: EgressCounters = {
    follow: (index, ifindex) => void followed[index]?.push(ifindex),
    isCounting: (index) => counted.includes(index),
    read: () => 4,
    take: () => ({
      window: {
        slots: 10,
        bytes: 10_000,
        packets: 10,
        syns: 0,
        droppedBytes: 0,
        droppedPackets: 0,
        bytesMax: 1_000,
        highWaterBytes: highWaterBytes(),
        dequeuedPackets: 10,
        backlog: { bytes: 3_000, packets: 2 },
      },
      sojourn: undefined,
    }),
  };
  return { programs, followed };
}

it('what the kernel counts makes the sample, and polls are no longer needed', () => {
  const { programs, followed } = counters([0]);
  const { batches, collector, run } = setUp({ programs });
  run(200);
  const [first] = batches[1] ?? [];
  expect(first).toMatchObject({ link: 'a', sequence: 2, queueHighWaterBytes: 7_000 });
  expect(first?.throughputBytesPerSecond).toBeCloseTo(100_000, 6);
  expect(followed[0]).toEqual([3]);
  // The second link is not there: nothing would be seen by looking at it often.
  expect(collector.needsPolls).toBe(false);
});

it('a link the kernel cannot count for any more is polled', () => {
  const counted = [0];
  const { programs } = counters(counted);
  const { batches, collector, run } = setUp({ programs });
  run(100);
  counted.pop();
  run(100);
  expect(collector.needsPolls).toBe(true);
  expect(batches[1]?.[0]?.queueHighWaterBytes).toBe(0);
  expect(batches[1]?.[0]?.sequence).toBe(2);
});

it('where the kernel counts, queues are asked once a second and when they may drop', () => {
  let highWaterBytes = 7_000;
  const { programs } = counters([0], () => highWaterBytes);
  const { batches, run, limits, polls } = setUp({ programs });
  run(200);
  const before = polls();
  run(800);
  expect(polls()).toBe(before);
  limits.set('a', 90_000);
  run(100);
  expect(polls()).toBe(before + 1);
  run(100);
  limits.set('a', 80_000);
  run(100);
  expect(polls()).toBe(before + 1);
  expect(batches.at(-2)?.[0]?.limitBytes).toBe(60_000);
  expect(batches.at(-1)?.[0]?.limitBytes).toBe(80_000);
  highWaterBytes = 50_000;
  run(300);
  expect(polls()).toBe(before + 4);
});
