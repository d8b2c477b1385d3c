import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { ArrayMemory } from './array-memory.ts';
import { BpfObject } from './bpf-object.ts';
import { buildObject } from './testing/build-object.ts';

realBpfToolchain.describe('the values of an array in memory', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-memory-'));
  let object: BpfObject;
  beforeAll(() => {
    object = BpfObject.open(buildObject('tiny', folder));
    object.load();
  });
  afterAll(() => {
    object.close();
    rmSync(folder, { recursive: true });
  });

  it('are what a lookup would give, as they are now, each rounded up to 8 bytes', () => {
    const map = object.map('shared');
    const memory = ArrayMemory.open(map);
    expect(memory.strideBytes).toBe(16);
    expect(memory.words.length).toBe(700 * 4);
    const put = (key: number, values: number[]) =>
      map.update(
        Buffer.from(Uint32Array.of(key).buffer),
        Buffer.from(Uint32Array.from(values).buffer),
      );
    put(699, [7, 8, 9]);
    const at = (699 * memory.strideBytes) / 4;
    expect([...memory.words.subarray(at, at + 3)]).toEqual([7, 8, 9]);
    put(699, [1, 2, 3]);
    expect([...memory.words.subarray(at, at + 3)]).toEqual([1, 2, 3]);
    memory.close();
    expect(memory.words.length).toBe(0);
    memory.close();
  });

  it('are not to be had of a map of another type, or one that was made without', () => {
    expect(() => ArrayMemory.open(object.map('places'))).toThrow(/its type is 1/);
    expect(() => ArrayMemory.open(object.map('settings'))).toThrow(/mapping \d+ B of a map/);
  });
});
