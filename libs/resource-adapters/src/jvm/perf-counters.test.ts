import { describe, expect, it } from 'vitest';
import { gcCounters } from './gc-counters.ts';
import { parsePerfCounters } from './perf-counters.ts';

describe('performance counters', () => {
  it('are read as numbers and texts', () => {
    const counters = parsePerfCounters(
      fileOf({ 'sun.os.hrt.frequency': 1_000_000_000n, 'sun.rt.javaCommand': 'Shop --fast' }),
    );
    expect(counters.get('sun.os.hrt.frequency')).toBe(1e9);
    expect(counters.get('sun.rt.javaCommand')).toBe('Shop --fast');
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['of something else', Buffer.alloc(64, 'x')],
    ['cut off', fileOf({ 'sun.os.hrt.frequency': 1n }).subarray(0, 50)],
  ])('that are %s are garbage', (_, file) => {
    expect(() => parsePerfCounters(file)).toThrowError(
      expect.objectContaining({ code: 'garbage' }),
    );
  });

  it('count a concurrent cycle once, whatever its pauses', () => {
    const counters = new Map<string, string | number>([
      ['sun.os.hrt.frequency', 1e9],
      ['sun.os.hrt.ticks', 5e9],
      ['sun.gc.collector.2.name', 'Z concurrent cycle pauses'],
      ['sun.gc.collector.2.invocations', 8],
      ['sun.gc.collector.2.time', 134_000],
    ]);
    expect(gcCounters(counters)).toEqual({ collections: 2, pausedMs: 0.134, uptimeMs: 5_000 });
  });

  it('count young and full collections of a generational heap', () => {
    const counters = new Map<string, string | number>([
      ['sun.os.hrt.frequency', 1e9],
      ['sun.gc.collector.0.name', 'PSScavenge'],
      ['sun.gc.collector.0.invocations', 7],
      ['sun.gc.collector.0.time', 5e6],
      ['sun.gc.collector.1.name', 'PSParallelCompact'],
      ['sun.gc.collector.1.invocations', 1],
      ['sun.gc.collector.1.time', 20e6],
    ]);
    expect(gcCounters(counters)).toEqual({ collections: 8, pausedMs: 25, uptimeMs: 0 });
  });
});

/** A file of counters as HotSpot lays it out, little-endian. */
function fileOf(counters: Record<string, bigint | string>): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32BE(0xcafec0c0, 0);
  header.set([1, 2, 0, 1], 4);
  header.writeInt32LE(32, 24);
  header.writeInt32LE(Object.keys(counters).length, 28);
  const entries = Object.entries(counters).map(([name, value]) => {
    const nameBytes = Buffer.from(`${name}\0`);
    const dataAt = 20 + Math.ceil(nameBytes.length / 8) * 8;
    const data = typeof value === 'bigint' ? Buffer.alloc(8) : Buffer.from(`${value}\0`);
    if (typeof value === 'bigint') data.writeBigInt64LE(value);
    const entry = Buffer.alloc(Math.ceil((dataAt + data.length) / 8) * 8);
    entry.writeInt32LE(entry.length, 0);
    entry.writeInt32LE(20, 4);
    entry.writeInt32LE(typeof value === 'bigint' ? 0 : data.length, 8);
    entry.set([typeof value === 'bigint' ? 0x4a : 0x42, 0, 1, 1], 12);
    entry.writeInt32LE(dataAt, 16);
    nameBytes.copy(entry, 20);
    data.copy(entry, dataAt);
    return entry;
  });
  return Buffer.concat([header, ...entries]);
}
