import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type BpfMap, possibleCpus } from './bpf-map.ts';
import { BpfObject } from './bpf-object.ts';
import { MapBatch } from './map-batch.ts';
import { buildObject } from './testing/build-object.ts';

realBpfToolchain.describe('a map', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-map-'));
  const entries = 100;
  let object: BpfObject;
  let settings: BpfMap;
  let places: BpfMap;
  let counters: BpfMap;
  beforeAll(() => {
    object = BpfObject.open(buildObject('tiny', folder));
    object.setMaxEntries('counters', entries);
    object.setMaxEntries('settings', entries);
    object.load();
    settings = object.map('settings');
    places = object.map('places');
    counters = object.map('counters');
  });
  afterAll(() => {
    object.close();
    rmSync(folder, { recursive: true });
  });

  it('of any type gives back what was put in, and knows what is not there', () => {
    const value = u64(7);
    settings.update(u32(3), value);
    const read = Buffer.alloc(8);
    expect(settings.lookup(u32(3), read)).toBe(true);
    expect(read).toEqual(value);
    expect(settings.lookup(u32(entries), read)).toBe(false);
    expect(places.lookup(u64(1), Buffer.alloc(4))).toBe(false);
    expect(places.delete(u64(1))).toBe(false);
    places.update(u64(1), u32(11), 'new');
    expect(() => places.update(u64(1), u32(12), 'new')).toThrow(/EEXIST/);
    expect(places.delete(u64(1))).toBe(true);
    expect(() => places.update(u64(1), u32(12), 'existing')).toThrow(/ENOENT/);
  });

  it('has one value for each possible CPU where it is per CPU, each rounded up to 8 bytes', () => {
    const stride = 16;
    expect(counters.cpuStrideBytes).toBe(stride);
    expect(counters.lookupBytes).toBe(stride * possibleCpus());
    const value = Buffer.alloc(counters.lookupBytes);
    for (let cpu = 0; cpu < possibleCpus(); cpu++) value.writeUInt32LE(100 + cpu, cpu * stride);
    counters.update(u32(5), value);
    const read = Buffer.alloc(counters.lookupBytes);
    expect(counters.lookup(u32(5), read)).toBe(true);
    expect(read).toEqual(value);
  });

  it('that is full says so with its bound, and takes more once something is deleted', () => {
    const bound = places.shape.maxEntries;
    for (let key = 0; key < bound; key++) places.update(u64(key), u32(key));
    expect(() => places.update(u64(bound), u32(0))).toThrow(
      expect.objectContaining({ code: 'full', message: expect.stringContaining(`${bound}`) }),
    );
    places.delete(u64(0));
    places.update(u64(bound), u32(0));
    for (let key = 1; key <= bound; key++) expect(places.delete(u64(key))).toBe(true);
  });

  it('that is an array neither grows nor shrinks', () => {
    expect(() => settings.delete(u32(0))).toThrow(/EINVAL/);
    const beyond = expect.objectContaining({ code: 'full' });
    expect(() => settings.update(u32(entries), u64(1))).toThrow(beyond);
  });

  it('touches no memory for a key or a value of another length', () => {
    for (const length of [0, 3, 5, 8]) {
      const key = Buffer.alloc(length);
      expect(() => settings.lookup(key, Buffer.alloc(8))).toThrow(/not 4/);
      expect(() => settings.update(key, Buffer.alloc(8))).toThrow(/not 4/);
      expect(() => settings.delete(key)).toThrow(/not 4/);
    }
    expect(() => counters.lookup(u32(0), Buffer.alloc(12))).toThrow(/12 B to fill/);
    expect(() => settings.update(u32(0), Buffer.alloc(16))).toThrow(/16 B, not 8/);
  });

  it('is read in one batch as it is entry by entry, whole and in ranges', () => {
    for (let key = 0; key < entries; key++) settings.update(u32(key), u64(1000 + key));
    for (const map of [settings, counters]) {
      const batch = new MapBatch(map);
      const each = new MapBatch(map, { isBatched: false });
      expect(batch.readAll()).toBe(entries);
      expect(each.readAll()).toBe(entries);
      expect(batch.values).toEqual(each.values);
      expect(batch.keys).toEqual(each.keys);
      for (const [first, wanted] of [
        [0, 10],
        [37, 40],
        [99, 1],
        [95, 100],
        [100, 5],
      ] as const) {
        const count = batch.readRange(first, wanted);
        expect(count).toBe(Math.max(0, Math.min(wanted, entries - first)));
        expect(each.readRange(first, wanted)).toBe(count);
        const used = count * batch.stride;
        expect(batch.values.subarray(0, used)).toEqual(each.values.subarray(0, used));
        if (count > 0) expect(batch.keys.readUInt32LE(0)).toBe(first);
      }
    }
  });

  it('that is a hash is read as a whole, empty, half full and full', () => {
    const reasons = object.map('reasons');
    for (const [map, size] of [
      [places, 4],
      [reasons, reasons.lookupBytes],
    ] as const) {
      const batch = new MapBatch(map);
      const each = new MapBatch(map, { isBatched: false });
      for (let count = 0; count <= map.shape.maxEntries; count++) {
        expect(contentOf(batch, map)).toEqual(contentOf(each, map));
        expect(batch.count).toBe(count);
        if (count < map.shape.maxEntries) map.update(u64(count), Buffer.alloc(size, count));
      }
      expect(() => new MapBatch(map, { countMax: 3 }).readAll()).toThrow(/more entries than 3/);
      for (let key = 0; key < map.shape.maxEntries; key++) map.delete(u64(key));
    }
  });

  it('is read in no batch beyond 64 MiB, nor in a range that is none', () => {
    expect(() => new MapBatch(settings, { countMax: 6_000_000 })).toThrow(/67108864/);
    for (const countMax of [0, -1, 1.5, Number.NaN]) {
      expect(() => new MapBatch(settings, { countMax })).toThrow(/out-of-range|at most/);
    }
    const batch = new MapBatch(settings, { countMax: 10 });
    for (const [first, wanted] of [
      [-1, 1],
      [0, 11],
      [0.5, 1],
      [Number.NaN, 1],
      [0, -1],
    ] as const) {
      expect(() => batch.readRange(first, wanted)).toThrow(/ranges are of arrays/);
    }
    expect(() => new MapBatch(places).readRange(0, 1)).toThrow(/ranges are of arrays/);
  });
});

function contentOf(batch: MapBatch, map: BpfMap): Record<string, string> {
  const content: Record<string, string> = {};
  const count = batch.readAll();
  for (let at = 0; at < count; at++) {
    const { keyBytes } = map.shape;
    const key = batch.keys.subarray(at * keyBytes, (at + 1) * keyBytes).toString('hex');
    content[key] = batch.values
      .subarray(at * batch.stride, (at + 1) * batch.stride)
      .toString('hex');
  }
  return content;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
