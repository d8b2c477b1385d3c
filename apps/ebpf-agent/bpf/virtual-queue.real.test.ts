import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { synFrame } from './testing/packets.ts';
import { Programs } from './testing/programs.ts';
import { QueueStand } from './testing/queue-stand.ts';
import type { RepeatedRuns } from './testing/repeat-runs.ts';

const XDP_DROP = 1;
const XDP_PASS = 2;
const LINK = 1;
const FRAME = synFrame.length;
const RUNS = 10_000;
/** At the slowest rate more would be more time than the queue can express. */
const MEGABYTES_2 = 2_000_000;

realBpf.describe('the virtual queue', () => {
  let programs: Programs;
  let queue: QueueStand;
  const offer = (repeat = 1, frame = synFrame) =>
    programs.run('xdp_buffer_control', frame, repeat).verdict;
  const counters = () => programs.counters(LINK);

  beforeEach(() => {
    programs = new Programs();
    programs.watch(LINK);
    queue = new QueueStand(programs, LINK);
  });
  afterEach(() => programs.close());

  realBpf.it('fills to its limit, and in police mode drops what is above', () => {
    queue.configure({ mode: 'police', maxSize: 100 * FRAME });
    const start = performance.now();
    expect(offer(RUNS)).toBe(XDP_DROP);
    const drained = performance.now() - start;
    const { policed_packets, policed_bytes, over_limit_packets } = counters();
    const accepted = RUNS - (policed_packets ?? 0);
    expect(accepted).toBeGreaterThanOrEqual(100);
    // At 1,000 B/s one more fits every 54 ms.
    expect(accepted).toBeLessThanOrEqual(101 + drained / FRAME);
    expect(over_limit_packets).toBe(policed_packets);
    expect(policed_bytes).toBe((policed_packets ?? 0) * FRAME);
  });

  realBpf.it('in monitor mode counts what would not fit, and drops nothing', () => {
    queue.configure({ mode: 'monitor', maxSize: 100 * FRAME, gains: { kp: 4, ki: 4, kd: 0 } });
    expect(offer(RUNS)).toBe(XDP_PASS);
    expect(counters().policed_packets).toBe(0);
    expect(counters().over_limit_packets).toBeGreaterThan(RUNS / 2);
    expect(queue.levelBytes).toBeLessThanOrEqual(100 * FRAME);
    expect(queue.levelBytes).toBeGreaterThan(98 * FRAME);
    queue.set({ levelBytes: 90 * FRAME, probability: 1, steps: 0 });
    expect(offer(RUNS)).toBe(XDP_PASS);
    expect(counters().policed_packets).toBe(0);
  });

  realBpf.it('is drained by the clock at the rate of the link', async () => {
    queue.configure({ mode: 'police', maxSize: 100_000, rate: 100_000 });
    queue.set({ levelBytes: 200_000, steps: 0 });
    const start = performance.now();
    expect(offer()).toBe(XDP_DROP);
    await expect.poll(() => offer(), { timeout: 30_000, interval: 20 }).toBe(XDP_PASS);
    expect(performance.now() - start).toBeGreaterThan(950);
    queue.set({ levelBytes: 100_000 - 2 * FRAME, steps: 0 });
    expect(offer()).toBe(XDP_PASS);
  });

  realBpf.it('drops the share of packets that the probability says', () => {
    queue.configure({ mode: 'police', maxSize: MEGABYTES_2 });
    for (const probability of [0.02, 0.25, 0.5, 0.9]) {
      queue.set({ levelBytes: 500_000, probability, steps: 0 });
      const before = counters().policed_packets ?? 0;
      offer(RUNS);
      const share = ((counters().policed_packets ?? 0) - before) / RUNS;
      // Five standard deviations: one false alarm in some hundred thousand runs.
      const deviation = Math.sqrt((probability * (1 - probability)) / RUNS);
      expect(Math.abs(share - probability)).toBeLessThan(5 * deviation);
    }
    queue.set({ levelBytes: 500_000, probability: 1, steps: 0 });
    const before = counters().policed_packets ?? 0;
    offer(RUNS);
    // Certainty is 2^32 - 1 of 2^32.
    expect((counters().policed_packets ?? 0) - before).toBeGreaterThanOrEqual(RUNS - 1);
    expect(counters().over_limit_packets).toBe(0);
  });

  realBpf.it('drops nothing at random while two packets or fewer are in it', () => {
    queue.configure({ mode: 'police', maxSize: 1_000_000, rate: 2 ** 36 });
    queue.set({ levelBytes: 0, probability: 1, steps: 0 });
    offer(1_000);
    expect(counters()).toMatchObject({ packets: 1_000, policed_packets: 0 });
  });

  realBpf.it('a change of its depth or rate holds from the next boundary on', () => {
    queue.configure({ mode: 'police', maxSize: 1_000_000 });
    offer();
    const before = queue.state;
    queue.configure({ mode: 'police', maxSize: 500_000, rate: 2_000 });
    queue.set({ levelBytes: 0, steps: 1, state: { limit_ticks: 1, ticks_per_byte: 1 } });
    offer();
    const after = queue.state;
    expect(after.ticks_per_byte).toBe(Math.floor((before.ticks_per_byte ?? 0) / 2));
    expect((before.limit_ticks ?? 0) / (after.limit_ticks ?? 0)).toBeCloseTo(4, 6);
  });

  realBpf.it('without a mode or without a rate it is left alone', () => {
    queue.configure({ mode: 'off', maxSize: 1, rate: 1_000 });
    offer(10);
    queue.configure({ mode: 'police', maxSize: 1, rate: 0 });
    offer(10);
    expect(queue.state).toMatchObject({ updates: 0, busy_until_ticks: 0, next_update_ns: 0 });
    expect(counters()).toMatchObject({ packets: 20, policed_packets: 0, over_limit_packets: 0 });
  });

  realBpf.it('is controlled once per 10 ms, by the first packet after the boundary', () => {
    queue.configure({ mode: 'monitor', maxSize: 1_000_000 });
    const start = performance.now();
    offer(RUNS);
    const boundaries = (performance.now() - start) / 10;
    const { updates = 0 } = queue.state;
    expect(updates).toBeGreaterThanOrEqual(1);
    expect(updates).toBeLessThanOrEqual(2 + boundaries);
  });

  realBpf.it('keeps its limit when two processors fill it at once', async () => {
    const perThread = 300_000;
    const room = 10_000;
    queue.configure({ mode: 'police', maxSize: room * FRAME, rate: 1_000 });
    const start = performance.now();
    const { fd } = programs.object.program('xdp_buffer_control');
    const workerData: RepeatedRuns = { fd, data: synFrame, repeat: perThread };
    const file = new URL('./testing/repeat-runs.ts', import.meta.url);
    const threads = [1, 2].map(() => new Worker(file, { workerData }));
    await Promise.all(threads.map((thread) => once(thread, 'exit')));
    const drained = performance.now() - start;
    const { packets = 0, policed_packets = 0 } = counters();
    expect(packets).toBe(2 * perThread);
    expect(packets - policed_packets).toBeGreaterThanOrEqual(room);
    expect(packets - policed_packets).toBeLessThanOrEqual(room + 1 + drained / FRAME);
  });
});
