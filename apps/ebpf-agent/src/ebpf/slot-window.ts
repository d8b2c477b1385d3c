import { LINK_SLOT, SLOTS_PER_LINK } from './layout.ts';

/** What the kernel saw leave through one link in a row of closed slots, all processors together. */
export interface SlotWindow {
  /** Slots that are covered; fewer than elapsed where the reader was too late for some. */
  slots: number;
  /** Arrivals at the queue, dropped ones included. */
  bytes: number;
  packets: number;
  /** TCP connections that began. */
  syns: number;
  droppedBytes: number;
  droppedPackets: number;
  /** Of the fullest slot. */
  bytesMax: number;
  /** Of the queue, exact at every enqueue; the slot still open included. */
  highWaterBytes: number;
  dequeuedPackets: number;
  /** As the queue stood at the last enqueue or dequeue; `undefined` where there was neither. */
  backlog: { bytes: number; packets: number } | undefined;
}

const WORDS = LINK_SLOT.bytes / 4;
const SLOT_ID = LINK_SLOT.slotId / 4;
const BYTES = LINK_SLOT.byteCount / 4;
const PACKETS = LINK_SLOT.packets / 4;
const SYNS = LINK_SLOT.syns / 4;
const DROPPED_BYTES = LINK_SLOT.droppedBytes / 4;
const DROPPED_PACKETS = LINK_SLOT.droppedPackets / 4;
const HIGH_WATER = LINK_SLOT.highWaterBytes / 4;
const DEQUEUED = LINK_SLOT.dequeuedPackets / 4;
const BACKLOG_NS = LINK_SLOT.backlogNs / 4;
const BACKLOG_NS_HIGH = BACKLOG_NS + 1;
const BACKLOG_BYTES = LINK_SLOT.backlogBytes / 4;
const BACKLOG_PACKETS = LINK_SLOT.backlogPackets / 4;

/**
 * Sum the slots of one link over `[from, open)`, and see the high-water mark of `open` too: a queue
 * that overflows now need not wait for the end of its slot.
 *
 * @param at.words the map: of each processor in turn, the slots of one time side by side, link
 *   after link
 * @param at.links links in the map; @param at.link number of the one wanted
 * @param at.from number of the first slot wanted; @param at.open of the slot not yet closed
 */
export function readSlotWindow(at: {
  words: Uint32Array;
  cpus: number;
  links: number;
  link: number;
  from: number;
  open: number;
}): SlotWindow {
  const { words, cpus, links, link, open } = at;
  const from = Math.max(at.from, open - SLOTS_PER_LINK + 1);
  const window = emptyWindow(Math.max(0, open - from));
  let latest = -1;
  for (let slot = from; slot <= open; slot++) {
    let bytes = 0;
    for (let cpu = 0; cpu < cpus; cpu++) {
      const row = cpu * SLOTS_PER_LINK + (slot % SLOTS_PER_LINK);
      const at = (row * links + link) * WORDS;
      // A processor that saw nothing in this slot still holds an older one.
      if (word(words, at + SLOT_ID) !== slot >>> 0) continue;
      window.highWaterBytes = Math.max(window.highWaterBytes, word(words, at + HIGH_WATER));
      if (isLater(words, at, latest)) latest = at;
      if (slot === open) continue;
      bytes += word(words, at + BYTES);
      window.packets += word(words, at + PACKETS);
      window.syns += word(words, at + SYNS);
      window.droppedBytes += word(words, at + DROPPED_BYTES);
      window.droppedPackets += word(words, at + DROPPED_PACKETS);
      window.dequeuedPackets += word(words, at + DEQUEUED);
    }
    window.bytes += bytes;
    window.bytesMax = Math.max(window.bytesMax, bytes);
  }
  if (latest >= 0) {
    const bytes = word(words, latest + BACKLOG_BYTES);
    window.backlog = { bytes, packets: word(words, latest + BACKLOG_PACKETS) };
  }
  return window;
}

/** Whether the queue was looked at in this slot, and later than in the other. */
function isLater(words: Uint32Array, at: number, other: number): boolean {
  const high = word(words, at + BACKLOG_NS_HIGH);
  const low = word(words, at + BACKLOG_NS);
  if (high === 0 && low === 0) return false;
  if (other < 0) return true;
  const otherHigh = word(words, other + BACKLOG_NS_HIGH);
  return high === otherHigh ? low > word(words, other + BACKLOG_NS) : high > otherHigh;
}

function word(words: Uint32Array, at: number): number {
  return words[at] as number;
}

function emptyWindow(slots: number): SlotWindow {
  return {
    slots,
    bytes: 0,
    packets: 0,
    syns: 0,
    droppedBytes: 0,
    droppedPackets: 0,
    bytesMax: 0,
    highWaterBytes: 0,
    dequeuedPackets: 0,
    backlog: undefined,
  };
}
