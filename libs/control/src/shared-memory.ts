import { strict as assert } from 'node:assert';

/** Moves smaller than this share of a limit wait until they add up, as in the envelope. */
const SMALL_MOVE = 0.05;
/** Limits that are shares of a memory add up to it but for their rounding. */
const ROUNDING_BYTES = 1;

/** What one queue has of the memory that it shares with others, and what it asks for. Bytes. */
export interface MemoryClaim {
  /** Limit in force, confirmed by whoever holds the queue. */
  limitBytes: number;
  /** In the queue now: may be beyond a limit that fell. */
  queuedBytes: number;
  /** Kept for this queue whatever others ask. The floors together fit into the memory. */
  floorBytes: number;
  /** What its controller asks for, within its own envelope. */
  askedBytes: number;
  /** The burst that this is asked for, where a trusted forecast announced one. */
  announced?: AnnouncedBurst | undefined;
}

/** A burst that memory is asked for. */
export interface AnnouncedBurst {
  /** When it is expected, milliseconds since 1970; one under way began in the past. */
  onsetUnixMs: number;
  /** When nothing more of it is expected to arrive. */
  endUnixMs: number;
  /** Probability that it comes, 0..1. */
  confidence: number;
}

/** The memory, and when it is. */
export interface SharedMemoryState {
  memoryBytes: number;
  nowUnixMs: number;
}

/**
 * Divide one memory among queues. Each has its floor. What is left goes first to announced bursts,
 * the nearest first and of two as near the surer one, each as much as it asks for; then to what the
 * reactive law asks, in equal proportion where it is not enough for all. What nobody asks for stays
 * free: it is what the next burst is given at once, without taking it from anybody.
 *
 * Falls come first. A limit that rises gets room only from memory that no queue's limit and no
 * packet holds as this is called, so that limits and packets together never exceed the memory, also
 * while a fall is still on its way. What falls lets others rise in the next call: a tick later, or,
 * where falls are confirmed at once, right away with the limits that fell. Who goes by samples can
 * learn too late that a queue filled before its limit fell: while limits and packets are seen to
 * exceed the memory nothing rises, not even a limit to what its own queue holds.
 *
 * @param claims one a queue, in an order that stays
 * @returns limits to put in force, one a claim
 */
export function shareMemory(claims: readonly MemoryClaim[], memory: SharedMemoryState): number[] {
  const { memoryBytes, nowUnixMs } = memory;
  const order = announcedInOrder(claims, nowUnixMs);
  const wanted = divide(claims, { memoryBytes, order });
  const held = claims.map(({ limitBytes, queuedBytes }) => Math.max(limitBytes, queuedBytes));
  // Rises: what each may get of the room that nobody holds, asked in the same order.
  const rises = wanted.map((bytes, index) => Math.max(0, bytes - (held[index] as number)));
  const room = Math.max(0, memoryBytes - sum(held));
  const isExceeded = sum(held) > memoryBytes + ROUNDING_BYTES;
  const granted = grant({ order, asked: rises, room });
  return claims.map((claim, index) => {
    const most = isExceeded
      ? claim.limitBytes
      : (held[index] as number) + (granted[index] as number);
    const limit = Math.min(wanted[index] as number, most);
    const isSmall = Math.abs(limit - claim.limitBytes) < SMALL_MOVE * claim.limitBytes;
    return isSmall && claim.limitBytes >= keptOf(claim) ? claim.limitBytes : limit;
  });
}

/** The floor, or what a latency budget leaves of it. */
function keptOf({ floorBytes, askedBytes }: MemoryClaim): number {
  return Math.min(floorBytes, askedBytes);
}

/** What each queue should have, once all have what they should have. */
function divide(
  claims: readonly MemoryClaim[],
  { memoryBytes, order }: { memoryBytes: number; order: readonly number[] },
): number[] {
  const kept = claims.map(keptOf);
  const room = memoryBytes - sum(claims.map(({ floorBytes }) => floorBytes));
  assert(room >= 0, `the floors exceed the memory of ${memoryBytes} bytes by ${-room}`);
  const asked = claims.map(({ askedBytes }, index) => askedBytes - (kept[index] as number));
  const granted = grant({ order, asked, room });
  return kept.map((bytes, index) => bytes + (granted[index] as number));
}

/** Shares of a room: those in `order` as far as it goes, then the others in equal proportion. */
function grant(at: { order: readonly number[]; asked: readonly number[]; room: number }): number[] {
  const { order, asked } = at;
  const granted = new Map<number, number>();
  let left = at.room;
  for (const index of order) {
    const bytes = Math.min(left, asked[index] as number);
    granted.set(index, bytes);
    left -= bytes;
  }
  const others = sum(asked.filter((_, index) => !granted.has(index)));
  const share = others > left ? left / others : 1;
  return asked.map((bytes, index) => granted.get(index) ?? bytes * share);
}

/** The announced ones: what is over comes last, whatever its queue still holds for it. */
function announcedInOrder(claims: readonly MemoryClaim[], nowUnixMs: number): number[] {
  const bursts = claims.flatMap(({ announced }, index) =>
    announced ? [{ ...announced, index, isOver: announced.endUnixMs < nowUnixMs }] : [],
  );
  return bursts
    .toSorted(
      (one, other) =>
        Number(one.isOver) - Number(other.isOver) ||
        one.onsetUnixMs - other.onsetUnixMs ||
        other.confidence - one.confidence,
    )
    .map(({ index }) => index);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
