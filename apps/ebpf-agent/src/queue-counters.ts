import type { QueueReading } from './kernel.ts';

/** The kernel counts drops in 32 bits. */
const DROP_COUNTER_RANGE = 0x1_0000_0000;

/** Another queue, or the same made anew. A drop counter that only wrapped is neither. */
export function isReset(last: QueueReading, reading: QueueReading): boolean {
  if (reading.handle !== last.handle || reading.kind !== last.kind) return true;
  if (reading.ifindex !== last.ifindex) return true;
  if (reading.sentBytes < last.sentBytes || reading.sentPackets < last.sentPackets) return true;
  return reading.dropped < last.dropped && last.dropped < DROP_COUNTER_RANGE / 2;
}

/** Packets dropped between two readings of one queue. */
export function dropsBetween(last: QueueReading, reading: QueueReading): number {
  const delta = reading.dropped - last.dropped;
  return delta >= 0 ? delta : delta + DROP_COUNTER_RANGE;
}
