import { describe, expect, it } from 'vitest';
import { idleQueue } from '../testing/idle-queue.ts';
import { leavesOpen } from './leaves-open.ts';
import type { SlotWindow } from './slot-window.ts';

const reading = { ...idleQueue, limitBytes: 500_000 };
const window: SlotWindow = {
  slots: 10,
  bytes: 100_000,
  packets: 100,
  syns: 0,
  droppedBytes: 0,
  droppedPackets: 0,
  bytesMax: 40_000,
  highWaterBytes: 30_000,
  dequeuedPackets: 100,
  backlog: { bytes: 0, packets: 0 },
};

describe('leavesOpen', () => {
  it('has nothing to ask of a queue that never came near its limit', () => {
    expect(leavesOpen(window, reading)).toBe(false);
    expect(leavesOpen({ ...window, packets: 0, backlog: undefined }, reading)).toBe(false);
    expect(leavesOpen(window, undefined)).toBe(false);
  });

  it('asks where a packet may have found no room, the longest there is', () => {
    const near = (highWaterBytes: number, limitBytes: number) =>
      leavesOpen({ ...window, highWaterBytes }, { ...reading, limitBytes });
    expect(near(500_000 - 65_536, 500_000)).toBe(false);
    expect(near(500_000 - 65_535, 500_000)).toBe(true);
    expect(near(29_999, 60_000)).toBe(false);
    expect(near(30_001, 60_000)).toBe(true);
  });

  it('asks where packets were seen dropped or passed the queue by, or no limit is known', () => {
    expect(leavesOpen({ ...window, droppedPackets: 1 }, reading)).toBe(true);
    expect(leavesOpen({ ...window, backlog: undefined }, reading)).toBe(true);
    expect(leavesOpen(window, { ...reading, limitBytes: undefined })).toBe(true);
    expect(leavesOpen(window, { ...reading, kind: 'mq' })).toBe(true);
  });
});
