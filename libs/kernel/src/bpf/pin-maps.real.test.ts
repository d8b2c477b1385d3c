import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { BpfMap } from './bpf-map.ts';
import { BpfObject } from './bpf-object.ts';
import { isBpffs, mountBpffs } from './bpffs.ts';
import { Footprint } from './footprint.ts';
import { pinMaps } from './pin-maps.ts';
import { buildObject } from './testing/build-object.ts';

realBpfToolchain.describe('maps that are pinned', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-pin-'));
  const bpffs = join(folder, 'bpffs');
  let object: BpfObject;
  let footprint: Footprint;
  /** The kernel keeps two files of its own there. */
  let before: string[];
  beforeAll(() => {
    object = BpfObject.open(buildObject('tiny', folder));
    object.load();
    footprint = Footprint.open(join(folder, 'record.json'));
    mkdirSync(bpffs);
    mountBpffs(bpffs);
    before = readdirSync(bpffs);
  });
  afterAll(() => {
    object.close();
    execFileSync('umount', [bpffs]);
    rmSync(folder, { recursive: true });
  });
  const maps = () => ['settings', 'counters'].map((name) => object.map(name));

  it('can be opened by their path until they are closed, and leave no folder', () => {
    const pinned = pinMaps({ maps: maps(), instance: 'one', footprint, bpffs });
    expect(pinned).toMatchObject({ directory: join(bpffs, 'levitate', 'one'), reason: '' });
    expect(footprint.entries).toHaveLength(2);
    const key = Buffer.alloc(4);
    object.map('settings').update(key, Buffer.from('levitate'));
    using again = BpfMap.openPinned(join(bpffs, 'levitate', 'one', 'settings'));
    expect(again.shape).toEqual(object.map('settings').shape);
    const value = Buffer.alloc(8);
    expect(again.lookup(key, value)).toBe(true);
    expect(value.toString()).toBe('levitate');
    pinned.close();
    pinned.close();
    expect(readdirSync(bpffs)).toEqual(before);
    expect(footprint.entries).toEqual([]);
  });

  it('live beside those of another instance', () => {
    const one = pinMaps({ maps: maps(), instance: 'one', footprint, bpffs });
    const two = pinMaps({ maps: maps(), instance: 'two', footprint, bpffs });
    one.close();
    expect(readdirSync(join(bpffs, 'levitate'))).toEqual(['two']);
    two.close();
    expect(readdirSync(bpffs)).toEqual(before);
  });

  it('take no path where something is pinned, and then none at all', () => {
    using other = BpfObject.open(object.path);
    other.load();
    const counters = [other.map('counters')];
    const taken = pinMaps({ maps: counters, instance: 'one', footprint, bpffs });
    const again = () => pinMaps({ maps: maps(), instance: 'one', footprint, bpffs });
    expect(again).toThrow(expect.objectContaining({ code: 'occupied' }));
    expect(readdirSync(join(bpffs, 'levitate', 'one'))).toEqual(['counters']);
    using left = BpfMap.openPinned(join(bpffs, 'levitate', 'one', 'counters'));
    expect(left.id).toBe(other.map('counters').id);
    expect(footprint.entries).toHaveLength(1);
    taken.close();
  });

  it('are none without a BPF file system, which is said and is no error', () => {
    const plain = join(folder, 'plain');
    mkdirSync(plain);
    expect(isBpffs(plain)).toBe(false);
    const pinned = pinMaps({ maps: maps(), instance: 'one', footprint, bpffs: plain });
    expect(pinned.directory).toBeUndefined();
    expect(pinned.reason).toMatch(/no BPF file system on .*mount -t bpf bpf/);
    pinned.close();
    expect(readdirSync(plain)).toEqual([]);
    expect(footprint.entries).toEqual([]);
  });

  it('have an instance whose name leads nowhere else', () => {
    for (const instance of ['', '.', '..', 'a/b', 'a.b', '../x', 'x'.repeat(65), 'ä', 'a b']) {
      const pin = () => pinMaps({ maps: maps(), instance, footprint, bpffs });
      expect(pin).toThrow(/1 to 64 letters, digits, _ and -/);
    }
    expect(existsSync(join(bpffs, 'levitate'))).toBe(false);
  });

  it('are opened as maps only: not a program, not a file, not what is not there', () => {
    const program = join(bpffs, 'program');
    const { id } = object.program('tiny_xdp').info();
    execFileSync('bpftool', ['prog', 'pin', 'id', String(id), program]);
    expect(() => BpfMap.openPinned(program)).toThrow(/is no map/);
    rmSync(program);
    expect(() => BpfMap.openPinned(program)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(() => BpfMap.openPinned(object.path)).toThrow(/opening the pinned map/);
  });

  it('are mounted for once, where there is a folder', () => {
    mountBpffs(bpffs);
    const mounts = execFileSync('findmnt', ['-rno', 'TARGET', '-t', 'bpf'], { encoding: 'utf8' });
    expect(mounts.split('\n').filter((line) => line === bpffs)).toHaveLength(1);
    expect(() => mountBpffs(join(folder, 'nowhere'))).toThrow(/no such directory/);
  });
});
