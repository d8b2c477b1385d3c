import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attributeOffset, attributeSpan, type Span } from './netlink-message.ts';
import {
  decodeQdisc,
  encodeLimitChange,
  encodeQdiscDump,
  encodeQdiscGet,
  type QdiscReading,
} from './qdisc-codec.ts';

// Recorded from Linux 6.18: bodies of RTM_NEWQDISC.
const STATS = (sent: string, packets: string) =>
  `3000070014000100${sent}${packets}00000000180003000000000000000000` +
  `0000000000000000000000002c000300${sent}${packets}${'00'.repeat(28)}`;
const RECORDED = {
  tbf:
    '000000000300000000000100ffffffff0300000008000100746266002c000200280001000001000000000000' +
    '20bcbe0000000000000000000000000053ec0000005000000000000005000c0000000000' +
    STATS('a803000000000000', '0c000000'),
  tbfInnerFifo:
    '00000000030000000000000001000100010000000a000100626669666f000000' +
    '0800020053ec000005000c0000000000' +
    STATS('a803000000000000', '0c000000'),
  bfifo:
    '000000000200000000000100ffffffff030000000a000100626669666f000000' +
    '08000200611e000005000c0000000000' +
    STATS('ee03000000000000', '0d000000'),
};

function spanOf(hex: string): Span {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  return { view: new DataView(bytes.buffer), start: 0, end: bytes.length };
}

function decoded(hex: string): QdiscReading {
  const reading = decodeQdisc(spanOf(hex));
  if (reading === undefined) throw new Error('not decoded');
  return reading;
}

it('a recorded tbf reads as tc shows it', () => {
  expect(decoded(RECORDED.tbf).qdisc).toEqual({
    ifindex: 3,
    interface: '',
    handle: 0x10000,
    parent: 0xffff_ffff,
    kind: 'tbf',
    sentBytes: 936,
    sentPackets: 12,
    dropped: 0,
    overlimits: 0,
    backlogBytes: 0,
    backlogPackets: 0,
    limitBytes: 60_499,
    limitPackets: undefined,
    rateBytesPerSecond: 12_500_000,
    bucketTicks: 20_480,
  });
});

it('recorded fifos read with their limit, and the one inside a tbf with its parent class', () => {
  expect(decoded(RECORDED.bfifo).qdisc).toMatchObject({ kind: 'bfifo', limitBytes: 7777 });
  expect(decoded(RECORDED.tbfInnerFifo).qdisc).toMatchObject({
    kind: 'bfifo',
    handle: 0,
    parent: 0x10001,
    limitBytes: 60_499,
  });
});

it('backlog, drops and overlimits come from the queue statistics', () => {
  const stats2 =
    '3000070014000100' +
    `${'0000000001000000'}05000000000000001800030007000000e8030000020000000000000009000000`;
  const body = `000000000300000000000100ffffffff030000000800010074626600${stats2}`;
  expect(decoded(body).qdisc).toMatchObject({
    sentBytes: 2 ** 32,
    sentPackets: 5,
    backlogPackets: 7,
    backlogBytes: 1000,
    dropped: 2,
    overlimits: 9,
    limitBytes: undefined,
  });
});

it('packets beyond 32 bits are read from their own attribute', () => {
  const stats2 =
    '3c00070014000100000000000000000005000000000000000c0008000500000001000000' +
    '180003000000000000000000000000000000000000000000';
  const body = `000000000300000000000100ffffffff030000000800010074626600${stats2}`;
  expect(decoded(body).qdisc.sentPackets).toBe(2 ** 32 + 5);
});

it('a kernel without the newer statistics is read by the older ones', () => {
  const stats = '28000300ee030000000000000d0000000300000002000000000000000000000004000000e8030000';
  const body = `000000000300000000000100ffffffff030000000800010074626600${stats}`;
  expect(decoded(body).qdisc).toMatchObject({
    sentBytes: 1006,
    sentPackets: 13,
    dropped: 3,
    overlimits: 2,
    backlogPackets: 4,
    backlogBytes: 1000,
  });
});

it('a message cut off anywhere gives less, never a throw', () => {
  for (let length = 0; length < RECORDED.tbf.length; length += 2) {
    expect(() => decodeQdisc(spanOf(RECORDED.tbf.slice(0, length)))).not.toThrow();
  }
});

it('arbitrary bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const copy = bytes.slice();
      decodeQdisc({ view: new DataView(copy.buffer), start: 0, end: copy.length });
    }),
  );
});

it('the dump asks for everything, and for hidden qdiscs only when told', () => {
  const plain = Buffer.from(encodeQdiscDump(5)).toString('hex');
  expect(plain).toBe(`240000002600010305000000${'00'.repeat(24)}`);
  const hidden = Buffer.from(encodeQdiscDump(5, true)).toString('hex');
  expect(hidden).toBe(`280000002600010305000000${'00'.repeat(24)}04000a00`);
});

it('one qdisc is asked for with the echo flag, else only listeners are answered', () => {
  const bytes = encodeQdiscGet(1, { ifindex: 3, handle: 0x10000, parent: 0xffff_ffff });
  expect(Buffer.from(bytes).readUInt16LE(6)).toBe(0x1 | 0x4 | 0x8);
});

it('a change has no create or replace flag, names its qdisc and alters the limit alone', () => {
  const present = decoded(RECORDED.tbf);
  const bytes = encodeLimitChange({ sequence: 9, present, limit: 512_000 });
  if (bytes === undefined) throw new Error('not encoded');
  expect(Buffer.from(bytes).readUInt16LE(6)).toBe(0x1 | 0x4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const again = decodeQdisc({ view, start: 16, end: bytes.length });
  expect(again?.qdisc).toMatchObject({
    ifindex: 3,
    handle: 0x10000,
    parent: 0xffff_ffff,
    kind: 'tbf',
    limitBytes: 512_000,
    rateBytesPerSecond: 12_500_000,
    bucketTicks: 20_480,
  });
});

// Laid out by linux/pkt_sched.h, as `tc` dumps the defaults; attributes of a u32 each.
const u32 = (type: number, value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(8, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(value, 4);
  return bytes.toString('hex');
};
const withOptions = (kind: string, options: string) => {
  const name = Buffer.from(`${kind}\0`).toString('hex').padEnd(24, '0');
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(4 + options.length / 2, 0);
  lengths.writeUInt16LE(2, 2);
  const head = Buffer.from([4 + kind.length + 1, 0, 1, 0]).toString('hex');
  const padded = name.slice(0, Math.ceil((kind.length + 1) / 4) * 8);
  const tcmsg = '000000000300000000000100ffffffff03000000';
  return `${tcmsg}${head}${padded}${lengths.toString('hex')}${options}`;
};

it.each([
  ['fq', 1, u32(1, 10_000) + u32(2, 100) + u32(3, 3_028)],
  ['fq_codel', 2, u32(1, 4_999) + u32(2, 10_000) + u32(3, 99_999) + u32(5, 1_024)],
])('the limit of %s is read in packets, and a change names it alone', (kind, type, options) => {
  const present = decoded(withOptions(kind, options));
  expect(present.qdisc).toMatchObject({ kind, limitPackets: 10_000, limitBytes: undefined });
  const bytes = encodeLimitChange({ sequence: 1, present, limit: 700 });
  if (bytes === undefined) throw new Error('not encoded');
  const hex = Buffer.from(bytes).toString('hex');
  // The nest of options comes last and holds the limit and nothing else.
  expect(hex.endsWith(`0c000200${u32(type, 700)}`)).toBe(true);
  const cut = withOptions(kind, options.slice(0, 8));
  expect(decoded(cut).qdisc.limitPackets).toBeUndefined();
});

it('a kind without a known limit gives no change', () => {
  const noqueue = '000000000300000000000100ffffffff030000000c0001006e6f717565756500';
  expect(encodeLimitChange({ sequence: 1, present: decoded(noqueue), limit: 1 })).toBeUndefined();
});

it('the burst sent back is never below the original and dumps as the same ticks', () => {
  const rates = fc.integer({ min: 8_000, max: 5_000_000_000 });
  const bursts = fc.integer({ min: 1514, max: 10_000_000 });
  fc.assert(
    fc.property(rates, bursts, (rate, burst) => {
      // As the kernel does it: bytes to nanoseconds, rounded down, then to ticks of 64 ns.
      const ticksOf = (bytes: number) => Math.floor(Math.floor((bytes * 1e9) / rate) / 64);
      fc.pre(ticksOf(burst) <= 0xffff_ffff / 64);
      const sent = burstSentFor(rate, ticksOf(burst));
      expect(sent).toBeGreaterThanOrEqual(burst);
      expect(ticksOf(sent)).toBe(ticksOf(burst));
    }),
  );
});

/** Encodes a change of a tbf with this rate and bucket, and reads the burst out of the message. */
function burstSentFor(rate: number, ticks: number): number {
  const present = decoded(RECORDED.tbf);
  const { view, start, end } = present.options;
  const copy = new Uint8Array(64);
  copy.set(new Uint8Array(view.buffer as ArrayBuffer, start, end - start));
  const options = new DataView(copy.buffer);
  options.setUint32(4 + 8, rate % 2 ** 32, true);
  options.setUint32(4 + 28, ticks, true);
  // TCA_TBF_RATE64
  options.setUint32(40, 0x0004_000c, true);
  options.setUint32(44, rate % 2 ** 32, true);
  options.setUint32(48, Math.floor(rate / 2 ** 32), true);
  const changed = { ...present, options: { view: options, start: 0, end: 52 } };
  const bytes = encodeLimitChange({ sequence: 1, present: changed, limit: 60_000 });
  if (bytes === undefined) throw new Error('not encoded');
  const message = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const nest = attributeSpan({ view: message, start: 36, end: bytes.length }, 2);
  if (nest === undefined) throw new Error('no options');
  return message.getUint32(attributeOffset(nest, 6), true);
}
