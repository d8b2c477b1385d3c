/**
 * Layouts of the maps of `bpf/levitate.bpf.h`, checked against the BTF of the object by a test.
 * Offsets and sizes in bytes, little-endian; counters of a slot are read by their lower 32 bits,
 * which 10 ms cannot fill.
 */

/** Length of a slot, nanoseconds. */
export const SLOT_NS = 10_000_000;
/** Length of a slot, milliseconds. */
export const SLOT_MS = 10;
/** Slots a link has: 320 ms. */
export const SLOTS_PER_LINK = 32;
/** `struct link_slot`. */
export const LINK_SLOT = {
  bytes: 64,
  byteCount: 0,
  droppedBytes: 8,
  backlogNs: 16,
  slotId: 24,
  packets: 28,
  syns: 32,
  droppedPackets: 36,
  highWaterBytes: 40,
  backlogBytes: 44,
  backlogPackets: 48,
  dequeuedPackets: 56,
} as const;
/** `struct sojourn_histogram`: 32 bit counts. */
export const SOJOURN_BUCKETS = 128;
/** Unit of the delay in the buckets, seconds. */
export const SOJOURN_UNIT_S = 8_192e-9;
/** `struct link_key`. */
export const LINK_KEY = { bytes: 8, netns: 0, ifindex: 4 } as const;
/** `struct buffer_config`; gains are Q16.16. */
export const BUFFER_CONFIG = { bytes: 24, maxSize: 0, kp: 8, ki: 12, kd: 16 } as const;
/** `struct link_config`. */
export const LINK_CONFIG = {
  bytes: 24,
  rateBytesPerSecond: 0,
  mode: 8,
  microburstGapNs: 12,
  microburstPackets: 16,
  timedEvery: 20,
} as const;
/** `enum link_mode`. */
export const LINK_MODE = { off: 0, monitor: 1, police: 2 } as const;
/** `struct ingress_counters`; 64 bit counters. */
export const INGRESS_COUNTERS = {
  bytes: 120,
  packets: 0,
  byteCount: 8,
  syns: 56,
  microbursts: 64,
  policedPackets: 72,
  policedBytes: 80,
  overLimitPackets: 88,
  eventsLost: 112,
} as const;
/** `struct virtual_queue`: what of it is shown. */
export const VIRTUAL_QUEUE = { bytes: 64, dropProbability: 4, levelBytes: 8 } as const;
/** `struct microburst_event`. */
export const MICROBURST_EVENT = {
  bytes: 40,
  timeNs: 0,
  durationNs: 8,
  byteCount: 16,
  link: 24,
  packets: 32,
  flags: 36,
} as const;
/** `struct drop_key` and `struct drop_count`. */
export const DROP_KEY = { bytes: 8, link: 0, reason: 4 } as const;
export const DROP_COUNT = { bytes: 16, packets: 0, byteCount: 8 } as const;

/** Two to the 16th: the unit of a Q16.16 gain. */
const Q16 = 65_536;

/** A gain as the program reads it, clamped to what the format holds. */
export function gainToQ16(gain: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.round(gain * Q16)));
}

/** A gain as people write it. */
export function gainFromQ16(fixed: number): number {
  return fixed / Q16;
}
