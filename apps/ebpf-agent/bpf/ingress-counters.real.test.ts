import { realBpf } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import {
  authentication,
  ETHERTYPE,
  ethernet,
  extension,
  fragment,
  ipv4,
  ipv6,
  PROTOCOL,
  synFrame,
  TCP,
  tcp,
} from './testing/packets.ts';
import { Programs } from './testing/programs.ts';

const XDP_PASS = 2;
const LINK = 3;
const { ipv4: IPV4, ipv6: IPV6, vlan: VLAN, qinq: QINQ } = ETHERTYPE;
const over4 = (flags: number, more = {}) => ethernet(IPV4, ipv4(PROTOCOL.tcp, tcp(flags), more));
const over6 = (extensions: Parameters<typeof ipv6>[2], flags: number = TCP.syn) =>
  ethernet(IPV6, ipv6(PROTOCOL.tcp, tcp(flags), extensions));
const cut = (frame: Buffer, bytes: number) => frame.subarray(0, frame.length - bytes);

/** Frame, and what it counts as beside a packet. */
const frames: readonly [name: string, frame: Buffer, kind: 'syn' | 'malformed' | 'other'][] = [
  ['a SYN over IPv4', synFrame, 'syn'],
  ['a SYN that offers ECN', over4(TCP.syn | TCP.ece | TCP.cwr), 'syn'],
  ['a SYN with ACK, the answer', over4(TCP.syn | TCP.ack), 'other'],
  ['an ACK', over4(TCP.ack), 'other'],
  ['a SYN behind IPv4 options', over4(TCP.syn, { headerWords: 15 }), 'syn'],
  ['a SYN in a first fragment', over4(TCP.syn, { fragment: 0x2000 }), 'syn'],
  ['a later fragment', over4(TCP.syn, { fragment: 0x0001 }), 'other'],
  ['a later fragment, far behind', over4(TCP.syn, { fragment: 0x1f00 }), 'other'],
  ['UDP', ethernet(IPV4, ipv4(PROTOCOL.udp, tcp(TCP.syn))), 'other'],
  ['neither IPv4 nor IPv6', ethernet(ETHERTYPE.lldp, tcp(TCP.syn)), 'other'],
  ['an Ethernet header alone', ethernet(IPV4, Buffer.alloc(0)), 'malformed'],
  [
    'an IPv4 header cut off',
    ethernet(IPV4, ipv4(PROTOCOL.tcp, tcp(0)).subarray(0, 19)),
    'malformed',
  ],
  ['an IPv4 header of 4 words', over4(TCP.syn, { headerWords: 4 }), 'malformed'],
  ['a total length below the header', over4(TCP.syn, { totalBytes: 19 }), 'malformed'],
  ['IPv4 that says it is version 6', over4(TCP.syn, { version: 6 }), 'malformed'],
  ['a TCP header cut off', cut(synFrame, 1), 'malformed'],
  ['IPv4 options beyond the frame', cut(over4(TCP.syn, { headerWords: 15 }), 30), 'malformed'],
  ['a VLAN tag', ethernet(IPV4, ipv4(PROTOCOL.tcp, tcp(TCP.syn)), [VLAN]), 'syn'],
  ['two VLAN tags', ethernet(IPV4, ipv4(PROTOCOL.tcp, tcp(TCP.syn)), [QINQ, VLAN]), 'syn'],
  ['VLAN over IPv6', ethernet(IPV6, ipv6(PROTOCOL.tcp, tcp(TCP.syn)), [VLAN]), 'syn'],
  ['three VLAN tags', ethernet(IPV4, ipv4(6, tcp(TCP.syn)), [QINQ, VLAN, VLAN]), 'other'],
  ['a VLAN tag cut off', ethernet(VLAN, Buffer.alloc(3)), 'malformed'],
  ['a SYN over IPv6', over6([]), 'syn'],
  ['a SYN with ACK over IPv6', over6([], TCP.syn | TCP.ack), 'other'],
  ['an IPv6 header cut off', ethernet(IPV6, Buffer.alloc(39, 0x60)), 'malformed'],
  [
    'IPv6 that says it is version 4',
    ethernet(IPV6, ipv4(PROTOCOL.tcp, Buffer.alloc(40))),
    'malformed',
  ],
  [
    'a SYN behind four IPv6 extension headers',
    over6([
      [PROTOCOL.hopByHop, extension()],
      [PROTOCOL.destination, extension(3)],
      [PROTOCOL.routing, extension(2)],
      [PROTOCOL.authentication, authentication()],
    ]),
    'syn',
  ],
  ['a SYN in a first IPv6 fragment', over6([[PROTOCOL.fragment, fragment(0)]]), 'syn'],
  ['a later IPv6 fragment', over6([[PROTOCOL.fragment, fragment(1)]]), 'other'],
  ['a later IPv6 fragment, far behind', over6([[PROTOCOL.fragment, fragment(0x1f00)]]), 'other'],
  [
    'five IPv6 extension headers, one more than are followed',
    over6(Array.from({ length: 5 }, () => [PROTOCOL.destination, extension()] as const)),
    'other',
  ],
  ['an IPv6 extension cut off', cut(over6([[PROTOCOL.hopByHop, extension()]]), 21), 'malformed'],
  [
    'an IPv6 extension that says it is longer than the frame',
    ethernet(IPV6, ipv6(PROTOCOL.tcp, tcp(TCP.syn), [[0, Buffer.alloc(8, 0xff)]])),
    'malformed',
  ],
];

realBpf.describe('what XDP counts of a packet', () => {
  let programs: Programs;
  const counters = () => programs.counters(LINK);

  beforeEach(() => {
    programs = new Programs();
    programs.watch(LINK);
  });
  afterEach(() => programs.close());

  for (const [name, frame, kind] of frames) {
    realBpf.it(`${name} is ${kind}`, () => {
      expect(programs.run('xdp_buffer_control', frame).verdict).toBe(XDP_PASS);
      expect(counters()).toMatchObject({
        packets: 1,
        bytes: frame.length,
        syns: kind === 'syn' ? 1 : 0,
        malformed_packets: kind === 'malformed' ? 1 : 0,
      });
    });
  }

  realBpf.it('every one of 10,000 repeats is counted', () => {
    const { verdict } = programs.run('xdp_buffer_control', synFrame, 10_000);
    expect(verdict).toBe(XDP_PASS);
    expect(counters()).toMatchObject({
      packets: 10_000,
      bytes: 10_000 * synFrame.length,
      syns: 10_000,
      policed_packets: 0,
    });
  });

  realBpf.it('frames of chance pass and are counted, whatever they say', () => {
    const random = seeded(0x1e71);
    let bytes = 0;
    for (let index = 0; index < 2_000; index++) {
      const length = 14 + Math.floor(random() * 120);
      const frame = Buffer.from(Array.from({ length }, () => random() * 256));
      // Most of them look like something that is parsed further.
      const type = [IPV4, IPV6, VLAN, QINQ, 0x1234][index % 5] ?? 0;
      frame.writeUInt16BE(type, 12);
      if (frame.length > 14 && index % 3 > 0) frame[14] = type === IPV4 ? 0x45 : 0x60;
      expect(programs.run('xdp_buffer_control', frame).verdict).toBe(XDP_PASS);
      bytes += frame.length;
    }
    expect(counters()).toMatchObject({ packets: 2_000, bytes });
  });

  realBpf.it('a frame in fragments is counted whole', () => {
    const frame = Buffer.concat([synFrame, Buffer.alloc(20_000)]);
    programs.run('xdp_buffer_control', frame);
    expect(counters()).toMatchObject({ packets: 1, bytes: frame.length, syns: 1 });
  });

  realBpf.it('an interface nobody watches passes uncounted, and so does one given up', async () => {
    const other = new Programs();
    try {
      expect(other.run('xdp_buffer_control', synFrame).verdict).toBe(XDP_PASS);
      expect(other.counters(0).packets).toBe(0);
    } finally {
      other.close();
    }
    programs.run('xdp_buffer_control', synFrame);
    programs.unwatch();
    // The cache may answer for 25 jiffies more.
    await expect
      .poll(() => {
        const before = counters().packets;
        programs.run('xdp_buffer_control', synFrame);
        return counters().packets === before;
      })
      .toBe(true);
  });
});

/** Numerical Recipes' linear congruential generator; 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
