/** Frames for test runs, byte by byte. Checksums are left out: no program looks at them. */

/** TCP flags (RFC 9293). */
export const TCP = { fin: 0x01, syn: 0x02, ack: 0x10, ece: 0x40, cwr: 0x80 } as const;

/** IP protocol numbers (IANA). */
export const PROTOCOL = {
  hopByHop: 0,
  tcp: 6,
  udp: 17,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
} as const;

/** Ethertypes (IEEE). */
export const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, qinq: 0x88a8, lldp: 0x88cc };

/** An Ethernet frame; `tags` are the ethertypes of VLAN tags, outermost first. */
export function ethernet(ethertype: number, payload: Buffer, tags: readonly number[] = []): Buffer {
  const types = [...tags, ethertype];
  const header = Buffer.alloc(14 + 4 * tags.length);
  header.write('020000000002020000000001', 'hex');
  types.forEach((type, index) => {
    header.writeUInt16BE(type, 12 + 4 * index);
    if (index < tags.length) header.writeUInt16BE(5, 14 + 4 * index);
  });
  return Buffer.concat([header, payload]);
}

/** An IPv4 packet (RFC 791). */
export function ipv4(
  protocol: number,
  payload: Buffer,
  more: { headerWords?: number; totalBytes?: number; version?: number; fragment?: number } = {},
): Buffer {
  const { headerWords = 5, version = 4, fragment = 0 } = more;
  const header = Buffer.alloc(Math.max(20, headerWords * 4));
  header.writeUInt8((version << 4) | headerWords, 0);
  header.writeUInt16BE(more.totalBytes ?? header.length + payload.length, 2);
  header.writeUInt16BE(fragment, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.write('0a0000010a000002', 12, 'hex');
  return Buffer.concat([header, payload]);
}

/** An IPv6 packet (RFC 8200); `extensions` come before the payload, in this order. */
export function ipv6(
  protocol: number,
  payload: Buffer,
  extensions: readonly (readonly [protocol: number, body: Buffer])[] = [],
): Buffer {
  const chain = [...extensions.map(([one]) => one), protocol];
  const bodies = extensions.map(([, body], index) => {
    const copy = Buffer.from(body);
    copy.writeUInt8(chain[index + 1] ?? 0, 0);
    return copy;
  });
  const rest = Buffer.concat([...bodies, payload]);
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(rest.length, 4);
  header.writeUInt8(chain[0] ?? 0, 6);
  header.writeUInt8(64, 7);
  return Buffer.concat([header, rest]);
}

/** An IPv6 extension header of `words` times 8 bytes, as most of them count. */
export function extension(words = 1): Buffer {
  const body = Buffer.alloc(words * 8);
  body.writeUInt8(words - 1, 1);
  return body;
}

/** An IPv6 fragment header; `offset` in units of 8 bytes. */
export function fragment(offset: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16BE(offset << 3, 2);
  return body;
}

/** An authentication header (RFC 4302) of 4-byte words, an even number of them. */
export function authentication(words = 6): Buffer {
  const body = Buffer.alloc(words * 4);
  body.writeUInt8(words - 2, 1);
  return body;
}

/** A TCP header without options. */
export function tcp(flags: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x50, 12);
  header.writeUInt8(flags, 13);
  return header;
}

/** The plainest frame of all tests: a SYN over IPv4, 54 bytes. */
export const synFrame = ethernet(ETHERTYPE.ipv4, ipv4(PROTOCOL.tcp, tcp(TCP.syn)));
