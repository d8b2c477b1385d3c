import { VirtualClock } from '@levitate/clock';
import { expect, it } from 'vitest';
import type { QueueReading } from './kernel.ts';
import { SimulatedKernel, type SimulatedLane } from './simulated-kernel.ts';

const lane: SimulatedLane = {
  name: 'a',
  limitBytes: 524_288,
  drainBytesPerSecond: 12_500_000,
  packetBytes: 1_500,
  traffic: { kind: 'periodic', seed: 3, intervalS: [12, 16], shareOfBudget: [0.5, 0.9] },
};

function setUp(lanes: SimulatedLane[]) {
  const clock = new VirtualClock();
  const kernel = new SimulatedKernel({ lanes, reason: 'test', capabilities: [], clock });
  return { clock, kernel };
}

/** Readings after `ms`, looked at every `stepMs`. */
function readingsAfter(ms: number, stepMs: number): readonly (QueueReading | undefined)[] {
  const { clock, kernel } = setUp([lane, { ...lane, name: 'b' }]);
  for (let at = 0; at < ms; at += stepMs) {
    clock.advance(stepMs);
    kernel.poll();
  }
  return kernel.poll();
}

it('lanes with equal traffic get the very same packets', () => {
  const [a, b] = readingsAfter(40_000, 10);
  expect(a?.sentPackets).toBeGreaterThan(10_000);
  expect(a?.dropped).toBeGreaterThan(0);
  expect({ ...b, ifindex: 0 }).toEqual({ ...a, ifindex: 0 });
});

it('what happens does not depend on when it is looked at', () => {
  expect(readingsAfter(30_000, 10)).toEqual(readingsAfter(30_000, 250));
});

it('a limit binds from its moment on: a high one drops nothing where the low one drops', () => {
  const { clock, kernel } = setUp([lane, { ...lane, name: 'b' }]);
  const { identity } = kernel.inspectAll()[1]?.queues[0] ?? {};
  if (identity === undefined) throw new Error('no second lane');
  expect(kernel.setLimit(identity, 60_000_000)).toEqual({
    previousLimit: 524_288,
    limit: 60_000_000,
  });
  clock.advance(4_000);
  for (let at = 0; at < 40_000; at += 100) {
    clock.advance(100);
    kernel.poll();
  }
  const [a, b] = kernel.poll();
  expect(a?.dropped).toBeGreaterThan(0);
  expect(b?.dropped).toBe(0);
  const arrivals = (one?: QueueReading) =>
    (one?.sentPackets ?? 0) + (one?.backlogPackets ?? 0) + (one?.dropped ?? 0);
  expect(arrivals(a)).toBe(arrivals(b));
});

it('after a suspension of an hour it goes on within a blink', () => {
  const { clock, kernel } = setUp([lane]);
  clock.advance(3_600_000);
  kernel.poll();
  const [first] = kernel.poll();
  clock.advance(1_000);
  const [second] = kernel.poll();
  expect(first?.sentPackets).toBeLessThan(60_000);
  expect(second?.sentPackets).toBeGreaterThan(first?.sentPackets ?? 0);
});

it('another round of the plan begins where one ends', () => {
  const { clock, kernel } = setUp([{ ...lane, traffic: { kind: 'flat', seed: 1 } }]);
  let before = 0;
  for (let at = 0; at < 610_000; at += 5_000) {
    clock.advance(5_000);
    const sent = kernel.poll()[0]?.sentPackets ?? 0;
    expect(sent).toBeGreaterThan(before);
    before = sent;
  }
});
