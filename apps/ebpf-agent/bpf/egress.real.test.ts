import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import {
  ETHERTYPE,
  ethernet,
  ipv4,
  ipv6,
  PROTOCOL,
  synFrame,
  TCP,
  tcp,
} from './testing/packets.ts';
import { Programs } from './testing/programs.ts';
import { packetContext } from './testing/structs.ts';

const TC_ACT_UNSPEC = -1;
const LINK = 7;
const SLOTS_PER_LINK = 32;
const plain = (frame: Buffer) => packetContext({ wireBytes: frame.length });

realBpf.describe('what tc counts of a packet', () => {
  let programs: Programs;
  const counted = (frame: Buffer, repeat = 1, context = plain(frame)) =>
    programs.counted(LINK, {
      body: () => {
        const { verdict } = programs.run('levitate_egress', frame, repeat, context);
        expect(verdict).toBe(TC_ACT_UNSPEC);
      },
    });

  beforeEach(() => {
    programs = new Programs();
    programs.watch(LINK);
  });
  afterEach(() => programs.close());

  const frames: readonly [name: string, frame: Buffer, syns: number][] = [
    ['a SYN over IPv4', synFrame, 1],
    ['a SYN over IPv6', ethernet(ETHERTYPE.ipv6, ipv6(PROTOCOL.tcp, tcp(TCP.syn))), 1],
    ['a SYN with ACK', ethernet(ETHERTYPE.ipv4, ipv4(PROTOCOL.tcp, tcp(TCP.syn | TCP.ack))), 0],
    ['a SYN behind a VLAN tag', ethernet(ETHERTYPE.ipv4, ipv4(6, tcp(TCP.syn)), [0x8100]), 1],
    ['a TCP header cut off', synFrame.subarray(0, synFrame.length - 1), 0],
    ['UDP', ethernet(ETHERTYPE.ipv4, ipv4(PROTOCOL.udp, tcp(TCP.syn))), 0],
  ];
  for (const [name, frame, syns] of frames) {
    realBpf.it(`${name}: ${syns} SYN`, async () => {
      expect(await counted(frame)).toMatchObject({ packets: 1, bytes: frame.length, syns });
    });
  }

  realBpf.it('every one of 10,000 repeats', async () => {
    const { packets, bytes, syns } = await counted(synFrame, 10_000);
    expect({ packets, bytes, syns }).toEqual({
      packets: 10_000,
      bytes: 10_000 * synFrame.length,
      syns: 10_000,
    });
  });

  realBpf.it('a GSO packet as the frames it will become', async () => {
    const frame = Buffer.concat([
      ethernet(ETHERTYPE.ipv4, ipv4(PROTOCOL.tcp, tcp(TCP.ack))),
      Buffer.alloc(3_000),
    ]);
    const wireBytes = frame.length + 2 * 54;
    const context = packetContext({ gsoSize: 1_000, gsoSegments: 3, wireBytes });
    expect(await counted(frame, 1, context)).toMatchObject({ packets: 3, bytes: wireBytes });
  });

  realBpf.it('a GSO packet whose number of frames the kernel has yet to count', async () => {
    const frame = Buffer.concat([synFrame, Buffer.alloc(3_000 - synFrame.length)]);
    const context = packetContext({ gsoSize: 1_000, gsoSegments: 0, wireBytes: 3_000 });
    expect((await counted(frame, 1, context)).packets).toBe(3);
  });

  realBpf.it('nothing of an interface that nobody watches', async () => {
    const other = new Programs();
    try {
      const seen = await other.counted(0, {
        body: () => {
          expect(other.run('levitate_egress', synFrame).verdict).toBe(TC_ACT_UNSPEC);
        },
      });
      expect(seen).toMatchObject({ packets: 0, bytes: 0 });
    } finally {
      other.close();
    }
  });

  realBpf.it('a slot that has come round again begins with nothing', async () => {
    const now = await programs.counted(LINK, {
      body: () => {
        // What the ring held before, in every place of it.
        programs.fillSlots(LINK, { slot_id: 1, bytes: 777, packets: 7 });
        programs.run('levitate_egress', synFrame, 1, plain(synFrame));
      },
    });
    const places = SLOTS_PER_LINK * programs.processors;
    expect(now.packets).toBe(7 * (places - 1) + 1);
    expect(now.bytes).toBe(777 * (places - 1) + synFrame.length);
  });
});
