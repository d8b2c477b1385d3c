import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Attachment,
  attachTc,
  attachTracepoint,
  enumNames,
  Footprint,
} from '@levitate/kernel/bpf';
import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { Bottleneck } from './testing/bottleneck.ts';
import { Programs } from './testing/programs.ts';

const LINK = 4;
const FRAME = 1_042;
const QDISC_DROP = 'QDISC_DROP';
const LIMIT = 30_000;
/** At 1 Mbit/s a packet takes 8.3 ms: any machine overflows the queue. */
const SLOW = `rate 1mbit burst 3k limit ${LIMIT}`;
const BYTES_PER_SECOND = 125_000;
const BUCKET_UNIT_S = 8_192e-9;

/** Lower bound of a bucket of the delay histogram, seconds; levitate.bpf.h has the layout. */
function lowerBound(bucket: number): number {
  const units = bucket < 8 ? bucket : (8 + (bucket % 8)) << (Math.floor(bucket / 8) - 1);
  return units * BUCKET_UNIT_S;
}

realBpf.describe('real packets through a real queue', () => {
  let folder: string;
  let lab: Bottleneck;
  let programs: Programs;
  let attachments: Attachment[];
  const total = (counts: readonly number[]) => counts.reduce((sum, one) => sum + one, 0);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'levitate-qdisc-'));
    lab = new Bottleneck(`lev-b${process.pid}`);
    lab.shape(SLOW);
    programs = new Programs();
    const { object } = programs;
    programs.watch(LINK, lab.outIndex, lab.sender);
    attachments = [
      attachTc({
        program: object.program('levitate_egress'),
        direction: 'egress',
        ifindex: lab.outIndex,
        netns: lab.sender,
        footprint: Footprint.open(join(folder, 'footprint.json')),
      }),
      ...['levitate_qdisc_enqueue', 'levitate_qdisc_dequeue', 'levitate_kfree_skb'].map((name) =>
        attachTracepoint(object.program(name)),
      ),
    ];
  });
  afterEach(() => {
    for (const one of attachments) one.close();
    programs.close();
    lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  realBpf.it('arrivals are what the qdisc sent, dropped and still has', async () => {
    for (const packets of [5, 60, 25]) {
      let before = await lab.settled();
      const seen = await programs.counted(LINK, {
        prepare: async () => {
          before = await lab.settled();
        },
        body: () => lab.send(packets, FRAME),
      });
      const after = await lab.settled();
      const dropped = after.drops - before.drops;
      expect(seen.packets).toBe(after.packets - before.packets + dropped);
      expect(seen.bytes).toBe(after.bytes - before.bytes + (seen.dropped_bytes ?? 0));
      expect(seen.packets).toBeGreaterThanOrEqual(packets);
      expect(seen.enqueued_packets).toBe((seen.packets ?? 0) - dropped);
    }
  });

  realBpf.it('an overflow: high-water mark, drops and reasons are the kernel’s own', async () => {
    const names = enumNames('skb_drop_reason');
    let before = lab.qdisc();
    let reasonsBefore = 0;
    const byQdisc = () => {
      const each = [...programs.drops(LINK)].filter(([reason]) =>
        names.get(reason)?.endsWith(QDISC_DROP),
      );
      return each.reduce((sum, [, { packets = 0 }]) => sum + packets, 0);
    };
    const seen = await programs.counted(LINK, {
      prepare: async () => {
        before = await lab.settled();
        reasonsBefore = byQdisc();
      },
      body: () => lab.send(80, FRAME),
    });
    const drops = lab.qdisc().drops - before.drops;
    expect(drops).toBeGreaterThan(20);
    expect(seen.dropped_packets).toBe(drops);
    expect(byQdisc() - reasonsBefore).toBe(drops);
    expect(seen.dropped_bytes).toBe(drops * FRAME);
    // Full is when another packet does not fit.
    expect(seen.high_water_bytes).toBeLessThanOrEqual(LIMIT);
    expect(seen.high_water_bytes).toBeGreaterThan(LIMIT - FRAME);
  });

  realBpf.it('the mark is the highest of a slot, not the last', async () => {
    // A packet a millisecond: within its slot of 10 ms a full queue has fallen again.
    lab.shape(`rate 8mbit burst 3k limit ${LIMIT}`);
    for (let overflows = 0, tries = 0; overflows < 6; tries++) {
      if (tries === 100) throw new Error('this machine cannot send 8 Mbit/s');
      const { dropped_packets, high_water_bytes } = await programs.counted(LINK, {
        prepare: async () => {
          await lab.settled();
        },
        body: () => lab.send(70, FRAME),
      });
      if ((dropped_packets ?? 0) === 0) continue;
      overflows += 1;
      expect(high_water_bytes).toBeGreaterThan(LIMIT - FRAME);
    }
  });

  realBpf.it('delays are those of a queue of that length at that rate', async () => {
    const sentBefore = (await lab.settled()).packets;
    const before = programs.sojourn(LINK);
    lab.send(80, FRAME);
    const sent = (await lab.settled()).packets - sentBefore;
    const after = programs.sojourn(LINK);
    const counts = after.map((count, bucket) => count - (before[bucket] ?? 0));
    expect(sent).toBeGreaterThan(20);
    // Every packet that left was stamped and timed, but for those that left in an interrupt of a
    // process on which the kernel runs no tracing program (see README.md).
    expect(total(counts)).toBeLessThanOrEqual(sent);
    expect(total(counts)).toBeGreaterThan(sent * 0.8);
    const longest = lowerBound(counts.findLastIndex((count) => count > 0));
    // The last one that fits waits for the whole queue; a bucket is 12.5 % wide.
    const full = (LIMIT - FRAME) / BYTES_PER_SECOND;
    expect(longest).toBeGreaterThan(full * 0.8);
    expect(longest).toBeLessThan(full * 1.2 + 1);
    // The first ones found tokens in the bucket.
    expect(counts.findIndex((count) => count > 0)).toBeLessThan(100);
  });

  realBpf.it('what arrives is no drop: without an overflow no reason is counted', async () => {
    await lab.settled();
    const before = total([...programs.drops(LINK)].map(([, { packets = 0 }]) => packets));
    const { dropped_packets } = await programs.counted(LINK, {
      body: () => lab.send(10, FRAME),
    });
    await lab.settled();
    expect(dropped_packets).toBe(0);
    const after = total([...programs.drops(LINK)].map(([, { packets = 0 }]) => packets));
    expect(after).toBe(before);
  });

  realBpf.it('TCP in GSO packets is counted frame by frame, as tbf counts it', async () => {
    lab.shape('rate 200mbit burst 16k limit 40000');
    let before = lab.qdisc();
    let after = before;
    await lab.listen();
    const once = () =>
      programs.counted(LINK, {
        prepare: async () => {
          before = await lab.settled();
        },
        body: async () => {
          lab.stream(300_000);
          after = await lab.settled();
        },
      });
    let seen = await once();
    // TCP also sends in interrupts, and there a drop may go unseen (see README.md); rarely.
    const unseen = () => (seen.bytes ?? 0) - (seen.dropped_bytes ?? 0) - after.bytes + before.bytes;
    for (let tries = 1; unseen() !== 0 && tries < 5; tries++) seen = await once();
    // A busy machine may still have the last segments under way.
    expect(after.bytes - before.bytes).toBeGreaterThan(250_000);
    expect(seen.bytes).toBe(after.bytes - before.bytes + (seen.dropped_bytes ?? 0));
    expect(seen.packets).toBe(after.packets - before.packets + (seen.dropped_packets ?? 0));
    // To the qdisc a GSO packet dropped whole is one.
    expect(seen.dropped_packets).toBeGreaterThanOrEqual(after.drops - before.drops);
    expect(seen.syns).toBe(1);
    // Proof that there was GSO at all: fewer packets came to the queue than left it.
    expect(seen.enqueued_packets).toBeLessThan(after.packets - before.packets);
  });

  realBpf.it('an interface of the same number in another namespace is another one', async () => {
    const other = new Bottleneck(`lev-o${process.pid}`);
    try {
      expect(other.outIndex).toBe(lab.outIndex);
      other.shape(SLOW);
      const seen = await programs.counted(LINK, { body: () => other.send(60, FRAME) });
      expect(seen).toMatchObject({ packets: 0, enqueued_packets: 0, dropped_packets: 0 });
      expect(other.qdisc().drops).toBeGreaterThan(0);
    } finally {
      other.close();
    }
  });
});
