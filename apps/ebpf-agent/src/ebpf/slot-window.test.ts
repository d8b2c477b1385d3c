import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_SLOT, SLOTS_PER_LINK } from './layout.ts';
import { readSlotWindow } from './slot-window.ts';

const WORDS = LINK_SLOT.bytes / 4;

interface Written {
  link?: number;
  cpu?: number;
  slot: number;
  bytes?: number;
  packets?: number;
  highWaterBytes?: number;
  droppedPackets?: number;
  /** Packets that stood in the queue at the time in nanoseconds; 1,000 B each. */
  backlog?: { ns: bigint; packets: number };
}

/** The map as the kernel would have it after these writes, in order. */
function mapOf(writes: readonly Written[], { links = 2, cpus = 2 } = {}) {
  const words = new Uint32Array(links * SLOTS_PER_LINK * cpus * WORDS);
  for (const { link = 0, cpu = 0, slot, ...counts } of writes) {
    const row = cpu * SLOTS_PER_LINK + (slot % SLOTS_PER_LINK);
    const at = (row * links + link) * WORDS;
    const id = at + LINK_SLOT.slotId / 4;
    if (words[id] !== slot) words.fill(0, at, at + WORDS);
    words[id] = slot;
    const add = (offset: number, value = 0) => {
      words[at + offset / 4] = (words[at + offset / 4] ?? 0) + value;
    };
    add(LINK_SLOT.byteCount, counts.bytes);
    add(LINK_SLOT.packets, counts.packets);
    add(LINK_SLOT.droppedPackets, counts.droppedPackets);
    add(LINK_SLOT.highWaterBytes, counts.highWaterBytes);
    if (counts.backlog === undefined) continue;
    const { ns, packets } = counts.backlog;
    words[at + LINK_SLOT.backlogNs / 4] = Number(ns & 0xffff_ffffn);
    words[at + LINK_SLOT.backlogNs / 4 + 1] = Number(ns >> 32n);
    words[at + LINK_SLOT.backlogBytes / 4] = packets * 1_000;
    words[at + LINK_SLOT.backlogPackets / 4] = packets;
  }
  const read = (at: { link?: number; from: number; open: number }) =>
    readSlotWindow({ words, cpus, links, link: 0, ...at });
  return { read };
}

describe('readSlotWindow', () => {
  it('sums closed slots over processors and finds the fullest', () => {
    const { read } = mapOf([
      { slot: 100, bytes: 10, packets: 1 },
      { slot: 100, cpu: 1, bytes: 30, packets: 2 },
      { slot: 103, bytes: 35, packets: 1, droppedPackets: 4 },
    ]);
    expect(read({ from: 100, open: 110 })).toMatchObject({
      slots: 10,
      bytes: 75,
      packets: 4,
      bytesMax: 40,
      droppedPackets: 4,
    });
  });

  it('takes nothing of the open slot but its high-water mark, and nothing twice', () => {
    const { read } = mapOf([
      { slot: 99, bytes: 1 },
      { slot: 100, bytes: 2 },
      { slot: 101, bytes: 4, highWaterBytes: 900 },
    ]);
    expect(read({ from: 99, open: 101 })).toMatchObject({ bytes: 3, highWaterBytes: 900 });
    expect(read({ from: 101, open: 102 })).toMatchObject({ bytes: 4, highWaterBytes: 900 });
  });

  it('knows a slot of an earlier round of the ring, and of another link', () => {
    const { read } = mapOf([
      { slot: 100 - SLOTS_PER_LINK, bytes: 7 },
      { slot: 101, link: 1, bytes: 5 },
    ]);
    expect(read({ from: 100, open: 104 })).toMatchObject({ slots: 4, bytes: 0 });
  });

  it('says how many slots it covers where the reader came too late for some', () => {
    const { read } = mapOf([{ slot: 100, bytes: 7 }]);
    expect(read({ from: 100, open: 200 })).toMatchObject({ slots: 31, bytes: 0 });
    expect(read({ from: 200, open: 200 })).toMatchObject({ slots: 0 });
  });

  it('says how the queue stood when a processor saw it last, the open slot included', () => {
    const low = 0xffff_fff0n;
    const { read } = mapOf([
      { slot: 100, backlog: { ns: low, packets: 7 } },
      { slot: 100, cpu: 1, backlog: { ns: low + 0x20n, packets: 5 } },
      { slot: 102, bytes: 9 },
      { slot: 103, cpu: 1, backlog: { ns: low + 0x30n, packets: 3 } },
    ]);
    expect(read({ from: 100, open: 102 }).backlog).toEqual({ bytes: 5_000, packets: 5 });
    expect(read({ from: 100, open: 103 }).backlog).toEqual({ bytes: 3_000, packets: 3 });
    expect(read({ from: 101, open: 102 }).backlog).toBeUndefined();
  });

  it('counts every byte exactly once, however the reads are spaced', () => {
    const write = fc.record({
      step: fc.integer({ min: 0, max: 3 }),
      cpu: fc.integer({ min: 0, max: 1 }),
      bytes: fc.integer({ min: 0, max: 100_000 }),
      isRead: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 60 }), (steps) => {
        const writes: Written[] = [];
        let slot = 1000;
        let from = 1000;
        let seen = 0;
        let written = 0;
        for (const { step, cpu, bytes, isRead } of steps) {
          slot += step;
          writes.push({ slot, cpu, bytes });
          written += bytes;
          if (!isRead && slot - from < SLOTS_PER_LINK - 4) continue;
          seen += mapOf(writes).read({ from, open: slot }).bytes;
          from = slot;
        }
        seen += mapOf(writes).read({ from, open: slot + 1 }).bytes;
        expect(seen).toBe(written);
      }),
    );
  });
});
