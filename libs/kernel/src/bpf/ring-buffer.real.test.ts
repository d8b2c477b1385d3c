import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { BpfObject } from './bpf-object.ts';
import { RingBuffer } from './ring-buffer.ts';
import { testRun } from './test-run.ts';
import { buildObject } from './testing/build-object.ts';

/** A record of 16 bytes has a header of 8; the last place stays free. */
const RECORDS_MAX = Math.floor((8192 - 1) / 24);

realBpfToolchain.describe('a ring buffer of 8 KiB', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-ring-'));
  let path = '';
  let object: BpfObject;
  let ring: RingBuffer;
  beforeAll(() => {
    path = buildObject('tiny', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    object = BpfObject.open(path);
    object.setMaxEntries('events', 8192);
    object.load();
    ring = RingBuffer.open(object.map('events'));
  });
  afterEach(() => {
    ring.close();
    object.close();
  });

  /** Each run writes one record with the length of its packet. */
  const run = ({ bytes = 64, repeat = 1, firstByte = 0 }) => {
    const data = Buffer.alloc(bytes);
    data[0] = firstByte;
    testRun({ program: object.program('tiny_xdp'), data, repeat });
  };
  const lengths = (recordsMax?: number) => {
    const found: number[] = [];
    ring.consume((record) => found.push(record.readUInt32LE(8)), recordsMax);
    return found;
  };

  it('hands out each record once, in order, with its content', () => {
    expect(lengths()).toEqual([]);
    for (const bytes of [60, 61, 62]) run({ bytes });
    expect(lengths()).toEqual([60, 61, 62]);
    expect(lengths()).toEqual([]);
    run({ bytes: 99 });
    expect(lengths()).toEqual([99]);
    expect(ring.statistics).toMatchObject({ records: 4, discarded: 0, oversized: 0 });
  });

  it('hands out no more than asked for, and the rest the next time', () => {
    run({ repeat: 10 });
    expect(lengths(4)).toHaveLength(4);
    expect(lengths(4)).toHaveLength(4);
    expect(lengths(0)).toHaveLength(0);
    expect(lengths()).toHaveLength(2);
  });

  it('passes over what the program gave up, and counts it', () => {
    run({ bytes: 60 });
    run({ firstByte: 0xff });
    run({ bytes: 61 });
    expect(lengths()).toEqual([60, 61]);
    expect(ring.statistics).toMatchObject({ records: 2, discarded: 1 });
  });

  it('that overflows keeps the oldest, and the program counts every record that was lost', () => {
    const repeat = 1000;
    run({ repeat });
    expect(lengths()).toHaveLength(RECORDS_MAX);
    expect(lostOf(object)).toBe(repeat - RECORDS_MAX);
    expect(ring.statistics.pendingBytesMax).toBeGreaterThan(8192 - 24);
    run({ bytes: 77 });
    expect(lengths()).toEqual([77]);
  });

  it('stays in step over many rounds, its end at every place of the ring', () => {
    let handed = 0;
    for (let round = 1; round <= 100; round++) {
      const repeat = 1 + ((round * 37) % 300);
      run({ bytes: 60 + (round % 40), repeat });
      const found = lengths();
      expect(found).toEqual(new Array(repeat).fill(60 + (round % 40)));
      handed += repeat;
    }
    expect(handed * 24).toBeGreaterThan(30 * 8192);
    expect(lostOf(object)).toBe(0);
  });

  it('passes over what is longer than its reader takes, and counts it', () => {
    ring.close();
    ring = RingBuffer.open(object.map('events'), { recordBytesMax: 15 });
    run({ repeat: 3 });
    expect(lengths()).toEqual([]);
    expect(ring.statistics).toMatchObject({ records: 0, oversized: 3 });
  });

  it('goes on after the record at which its reader threw', () => {
    for (const bytes of [60, 61, 62]) run({ bytes });
    const throwing = () => {
      throw new Error('of the reader');
    };
    expect(() => ring.consume(throwing)).toThrow('of the reader');
    expect(lengths()).toEqual([61, 62]);
  });

  it('that was closed hands out nothing, and the kernel goes on without', () => {
    run({});
    ring.close();
    ring.close();
    expect(lengths()).toEqual([]);
    run({ repeat: 5 });
    const next = RingBuffer.open(object.map('events'));
    ring = next;
    expect(lengths()).toHaveLength(6);
  });

  it('is no map of another type, and has a length for its records', () => {
    expect(() => RingBuffer.open(object.map('settings'))).toThrow(/its type is 2/);
    for (const recordBytesMax of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
      expect(() => RingBuffer.open(object.map('events'), { recordBytesMax })).toThrow(/no length/);
    }
  });
});

/** The program counts at place 3 what found no room. */
function lostOf(object: BpfObject): number {
  const counters = object.map('counters');
  const value = Buffer.alloc(counters.lookupBytes);
  const key = Buffer.alloc(4);
  key.writeUInt32LE(3);
  counters.lookup(key, value);
  let lost = 0;
  for (let at = 0; at < value.length; at += counters.cpuStrideBytes) lost += value.readUInt32LE(at);
  return lost;
}
