import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteFifo } from './byte-fifo.ts';
import { queueOracleDrops } from './oracle-bound.ts';

const options = { link: 'a', limitBytes: 15_000, drainBytesPerSecond: 1.5e6 };
const trains = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 200 });

describe('ByteFifo', () => {
  it('drops what is beyond the limit and drains one packet a millisecond at 1.5 MB/s', () => {
    // 30 packets meet room for 10. Ten tokens' worth of 16,384 B = 10 packets leave at once.
    const queue = new ByteFifo(options);
    expect(queue.step(30)).toEqual({ dropped: 20, sent: 10 });
    expect(queue.step(30)).toEqual({ dropped: 20, sent: 1 });
    expect(queue.backlogPackets).toBe(9);
    for (let i = 0; i < 9; i++) queue.step(0);
    expect(queue.backlogPackets).toBe(0);
    expect(queue.counters).toEqual({ arrivedPackets: 60, sentPackets: 20, droppedPackets: 40 });
  });

  it('loses no packet, arrivals = sent + dropped + backlog, and keeps to the limit', () => {
    fc.assert(
      fc.property(trains, fc.integer({ min: 0, max: 60_000 }), (train, limitBytes) => {
        const queue = new ByteFifo({ ...options, limitBytes });
        for (const packets of train) {
          queue.step(packets);
          const { arrivedPackets, sentPackets, droppedPackets } = queue.counters;
          expect(arrivedPackets).toBe(sentPackets + droppedPackets + queue.backlogPackets);
          expect(queue.backlogPackets * 1500).toBeLessThanOrEqual(limitBytes);
        }
      }),
    );
  });

  it('drops no more with a higher limit', () => {
    fc.assert(
      fc.property(trains, fc.nat(60_000), fc.nat(60_000), (train, limitBytes, more) => {
        const low = new ByteFifo({ ...options, limitBytes });
        const high = new ByteFifo({ ...options, limitBytes: limitBytes + more });
        for (const packets of train) {
          low.step(packets);
          high.step(packets);
          expect(high.counters.droppedPackets).toBeLessThanOrEqual(low.counters.droppedPackets);
        }
      }),
    );
  });

  it('keeps what is queued when the limit falls below it, as the kernel does', () => {
    const queue = new ByteFifo({ ...options, burstBytes: 1500 });
    queue.step(10);
    queue.setLimit(3000);
    expect(queue.backlogPackets).toBe(9);
    expect(queue.step(1)).toEqual({ dropped: 1, sent: 1 });
  });

  it('is never beaten by a limit that moves below the oracle’s', () => {
    const moves = fc.array(fc.tuple(fc.nat(40), fc.nat(30_000)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(moves, (steps) => {
        const moving = new ByteFifo({ ...options, limitBytes: 30_000 });
        for (const [packets, limitBytes] of steps) {
          moving.setLimit(limitBytes);
          moving.step(packets);
        }
        const oracle = new ByteFifo({ ...options, limitBytes: 30_000 });
        const packets = steps.map(([count]) => count);
        const bound = queueOracleDrops(packets, oracle);
        expect(bound).toBeLessThanOrEqual(moving.counters.droppedPackets);
      }),
    );
  });
});

describe('ByteFifo.takeSample', () => {
  it('reports an interval as the agent would', () => {
    const queue = new ByteFifo({ ...options, limitBytes: 30_000, burstBytes: 1500 });
    for (let ms = 0; ms < 100; ms++) queue.step(ms === 50 ? 30 : 0);
    const sample = queue.takeSample(5000);
    expect(sample).toMatchObject({
      link: 'a',
      sequence: 0,
      timeUnixMs: 5000,
      intervalMs: 100,
      throughputBytesPerSecond: 30 * 1500 * 10,
      packetsPerSecond: 300,
      throughputPeakBytesPerSecond: 30 * 1500 * 100,
      queueBytes: 0,
      queueHighWaterBytes: 20 * 1500,
      droppedPackets: 10,
      droppedBytes: 15_000,
      limitBytes: 30_000,
      drainBytesPerSecond: 1.5e6,
      origin: 'simulated',
    });
    // Packet n of the 20 accepted waits n ms: the median the 10th, the 99th percentile the last.
    expect(sample.latencyP50Seconds).toBeCloseTo(0.01, 6);
    expect(sample.latencyP99Seconds).toBeCloseTo(0.02, 6);
  });

  it('starts afresh each time, and leaves the delay missing when nothing came', () => {
    const queue = new ByteFifo(options);
    queue.step(30);
    queue.takeSample(1);
    queue.step(0);
    const idle = queue.takeSample(2);
    expect(idle).toMatchObject({ sequence: 1, packetsPerSecond: 0, droppedPackets: 0 });
    expect(idle.latencyP50Seconds).toBeUndefined();
  });
});
