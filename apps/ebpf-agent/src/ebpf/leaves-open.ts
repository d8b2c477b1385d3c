import type { QueueReading } from '../kernel.ts';
import type { SlotWindow } from './slot-window.ts';

/** The longest packet a kernel makes without BIG TCP; segments of it are shorter. */
const PACKET_BYTES_MAX = 65_536;

/**
 * Whether the queue itself has to be asked, because what the programs saw of an interval does not
 * say how it stands or whether it dropped. It drops a packet that would take it above its limit,
 * so one that never came within a packet of it has dropped none.
 *
 * @param reading of the last time the queue was asked; `undefined`: there was none
 */
export function leavesOpen(window: SlotWindow, reading: QueueReading | undefined): boolean {
  if (reading === undefined) return false;
  // Each queue of an mq is seen apart, and what passes an empty queue by is not seen in it.
  const isUnseen = reading.kind === 'mq' || (window.packets > 0 && window.backlog === undefined);
  return isUnseen || window.droppedPackets > 0 || isNearLimit(window, reading);
}

function isNearLimit({ highWaterBytes }: SlotWindow, { limitBytes }: QueueReading): boolean {
  if (limitBytes === undefined) return true;
  return highWaterBytes > limitBytes - Math.min(PACKET_BYTES_MAX, limitBytes / 2);
}
