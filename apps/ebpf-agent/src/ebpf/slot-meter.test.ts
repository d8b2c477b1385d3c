import { describe, expect, it } from 'vitest';
import { idleQueue } from '../testing/idle-queue.ts';
import { SlotMeter } from './slot-meter.ts';
import type { SlotWindow } from './slot-window.ts';

const reading = { ...idleQueue, drainBytesPerSecond: 1_000_000 };
const window: SlotWindow = {
  slots: 10,
  bytes: 100_000,
  packets: 100,
  syns: 3,
  droppedBytes: 0,
  droppedPackets: 0,
  bytesMax: 40_000,
  highWaterBytes: 30_000,
  dequeuedPackets: 90,
  backlog: undefined,
};
const sojourn = { p50: 0.01, p95: 0.02, p99: 0.03 };

describe('SlotMeter', () => {
  it('turns slots into rates, the peak over 10 ms and the exact high-water mark', () => {
    const sample = new SlotMeter().measure({ window, sojourn, reading });
    expect(sample).toMatchObject({
      intervalMs: 100,
      throughputBytesPerSecond: 1_000_000,
      packetsPerSecond: 1_000,
      throughputPeakBytesPerSecond: 4_000_000,
      connectionsPerSecond: 30,
      queueHighWaterBytes: 30_000,
      latencyP99Seconds: 0.03,
      limitBytes: 60_000,
    });
  });

  it('counts drops as the queue does, at the mean size of those that were seen dropped', () => {
    const meter = new SlotMeter();
    meter.measure({ window, sojourn, reading });
    const seen = { ...window, droppedPackets: 4, droppedBytes: 6_000 };
    const dropped = { ...reading, dropped: 5 };
    const sample = meter.measure({ window: seen, sojourn, reading: dropped });
    expect(sample).toMatchObject({ droppedPackets: 5, droppedBytes: 7_500 });
    const wrapped = { ...reading, dropped: 0xffff_ffff };
    meter.measure({ window, sojourn, reading: wrapped });
    const after = meter.measure({ window, sojourn, reading: { ...reading, dropped: 1 } });
    expect(after.droppedPackets).toBe(2);
  });

  it('takes the drops it saw where the queue is another one by now', () => {
    const meter = new SlotMeter();
    meter.measure({ window, sojourn, reading: { ...reading, dropped: 900 } });
    const other = { ...reading, handle: 0x20000 };
    const seen = { ...window, droppedPackets: 2, droppedBytes: 3_000 };
    expect(meter.measure({ window: seen, sojourn, reading: other })).toMatchObject({
      droppedPackets: 2,
      droppedBytes: 3_000,
    });
  });

  it('gives what a packet arriving now would wait where none has left', () => {
    const standing = { ...reading, backlogBytes: 50_000 };
    const sample = new SlotMeter().measure({ window, sojourn: undefined, reading: standing });
    expect(sample.latencyP99Seconds).toBe(0.05);
    expect(sample.queueHighWaterBytes).toBe(50_000);
  });

  it('knows the queue from its packets until it is asked again, and then from itself', () => {
    const meter = new SlotMeter();
    const asked = { ...reading, backlogBytes: 9_000, backlogPackets: 6, dropped: 4 };
    const seen = { ...window, backlog: { bytes: 1_500, packets: 1 } };
    const measure = (at: Partial<SlotWindow>, queue = asked) =>
      meter.measure({ window: { ...seen, ...at }, sojourn: undefined, reading: queue });
    expect(measure({})).toMatchObject({ queueBytes: 9_000, queuePackets: 6 });
    expect(measure({})).toMatchObject({ queueBytes: 1_500, queuePackets: 1, droppedPackets: 0 });
    expect(measure({ backlog: undefined })).toMatchObject({ queueBytes: 1_500, queuePackets: 1 });
    const later = { ...asked, backlogBytes: 0, backlogPackets: 0, dropped: 6 };
    expect(measure({}, later)).toMatchObject({ queueBytes: 0, droppedPackets: 2 });
  });

  it('leaves missing what was not measured', () => {
    const nothing = { ...window, slots: 0 };
    const sample = new SlotMeter().measure({
      window: nothing,
      sojourn: undefined,
      reading: undefined,
    });
    expect(sample.throughputBytesPerSecond).toBeUndefined();
    expect(sample.queueBytes).toBeUndefined();
    expect(sample.latencyP50Seconds).toBeUndefined();
    expect(sample.limitBytes).toBeUndefined();
  });
});
