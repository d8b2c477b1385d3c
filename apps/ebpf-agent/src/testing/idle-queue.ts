import type { QueueReading } from '../kernel.ts';

/** The counters of a tbf of 100 Mbit/s in which nothing has happened yet. */
export const idleQueue: QueueReading = {
  ifindex: 3,
  handle: 0x10000,
  kind: 'tbf',
  sentBytes: 0,
  sentPackets: 0,
  dropped: 0,
  backlogBytes: 0,
  backlogPackets: 0,
  limitBytes: 60_000,
  drainBytesPerSecond: 12_500_000,
};
