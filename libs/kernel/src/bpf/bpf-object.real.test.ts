import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { KernelError } from '../kernel-error.ts';
import { BpfLoadError, BpfObject } from './bpf-object.ts';
import { buildObject } from './testing/build-object.ts';
import { kernelNumbers, remainsOf } from './testing/kernel-remains.ts';

realBpfToolchain.describe('an object', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-object-'));
  let tiny = '';
  beforeAll(() => {
    tiny = buildObject('tiny', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lists its programs with their sections and its maps, and sizes them before the load', () => {
    using object = BpfObject.open(tiny);
    expect(object.programs.map(({ name, section }) => `${name} ${section}`).sort()).toEqual([
      'tiny_drops tp_btf/kfree_skb',
      'tiny_egress tc',
      'tiny_xdp xdp',
    ]);
    const maps = ['counters', 'events', 'large', 'places', 'reasons', 'settings', 'shared'];
    expect(object.mapNames.sort()).toEqual(maps);
    object.setMaxEntries('counters', 640);
    object.setMaxEntries('events', 5000);
    object.load();
    expect(object.map('counters').shape).toMatchObject({ maxEntries: 640, valueBytes: 12 });
    expect(object.map('events').shape.maxEntries).toBe(8192);
    const late = { code: 'occupied', message: expect.stringContaining('before the load') };
    expect(() => object.setMaxEntries('counters', 7)).toThrow(expect.objectContaining(late));
  });

  it('leaves nothing in the kernel when it is closed', async () => {
    const object = BpfObject.open(tiny);
    object.load();
    const numbers = kernelNumbers(object);
    expect(remainsOf(numbers)).toHaveLength(10);
    object.close();
    object.close();
    await expect.poll(() => remainsOf(numbers), { timeout: 60_000 }).toEqual([]);
  });

  it('leaves out the programs it is told to', () => {
    using object = BpfObject.open(tiny);
    object.setAutoload('tiny_drops', false);
    object.load();
    expect(() => object.program('tiny_drops').fd).toThrow(/not loaded/);
    expect(object.program('tiny_xdp').info().name).toBe('tiny_xdp');
  });

  it('is used after it was closed only to be told so', () => {
    const object = BpfObject.open(tiny);
    object.load();
    const map = object.map('settings');
    const program = object.program('tiny_xdp');
    object.close();
    expect(() => map.lookup(Buffer.alloc(4), Buffer.alloc(8))).toThrow(/it was closed/);
    expect(() => program.info()).toThrow(/its object was closed/);
    expect(() => object.map('settings')).toThrow(/it was closed/);
    expect(() => object.load()).toThrow(/it was closed/);
  });

  it('has no map or program of another name, and says which it has', () => {
    using object = BpfObject.open(tiny);
    expect(() => object.program('xdp_tiny')).toThrow(/it has .*tiny_xdp/);
    expect(() => object.setMaxEntries('none', 5)).toThrow(/it has .*counters/);
    expect(() => object.map('counters')).toThrow(/not loaded/);
  });

  it('takes no size that is no size', () => {
    using object = BpfObject.open(tiny);
    for (const entries of [0, -1, 1.5, Number.NaN, 2 ** 22 + 1, 2 ** 32]) {
      expect(() => object.setMaxEntries('counters', entries)).toThrow(/1 to 4194304/);
    }
  });

  it('that the verifier refuses is an error with the end of its log', () => {
    using object = BpfObject.open(buildObject('rejected', folder));
    const error = thrownBy(() => object.load());
    expect(error).toBeInstanceOf(BpfLoadError);
    expect(error).toMatchObject({ code: 'refused', errno: 'EACCES' });
    expect(error.message).toMatch(/prog 'reads_beyond'/);
    expect(error.message).toMatch(/R1 .*(prohibited|invalid)/);
    expect(error.message).toMatch(/Next: correct the program/);
    expect((error as BpfLoadError).verifierLog).toContain('processed');
    expect(JSON.stringify(error)).not.toContain('processed');
    // It can only be closed.
    expect(() => object.load()).toThrow(BpfLoadError);
    expect(() => object.program('reads_beyond').fd).toThrow(/not loaded/);
  });

  it('that asks for more memory than there is is refused as a whole', () => {
    using object = BpfObject.open(tiny);
    object.setMaxEntries('large', 2 ** 22);
    const error = thrownBy(() => object.load());
    expect(error).toBeInstanceOf(BpfLoadError);
    expect(error.message).toMatch(/map 'large'.*(ENOMEM|E2BIG|too long|memory)/i);
  });

  it('that is no object is refused before libbpf or by it, with what it is', () => {
    const file = (name: string, content: string | Buffer) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const whole = readFileSync(tiny);
    const elfOnly = file('elf-only.o', whole.subarray(0, 64));
    expect(() => BpfObject.open(join(folder, 'none.o'))).toThrow(/ENOENT.*Next: build it/);
    expect(() => BpfObject.open(folder)).toThrow(/not a file/);
    expect(() => BpfObject.open(file('empty.o', ''))).toThrow(/it has 0 B/);
    expect(() => BpfObject.open(file('text.o', 'x'.repeat(500)))).toThrow(/no BPF ELF/);
    expect(() => BpfObject.open(process.execPath)).toThrow(/no BPF ELF|it has \d+ B/);
    expect(() => BpfObject.open(elfOnly)).toThrow(KernelError);
    const huge = file('huge.o', whole);
    truncateSync(huge, 17 * 1024 * 1024);
    expect(() => BpfObject.open(huge)).toThrow(/it has 17825792 B/);
  });

  it('that is damaged in any byte is refused by its digest, before libbpf reads it', () => {
    const whole = readFileSync(tiny);
    const path = join(folder, 'damaged.o');
    const digest = createHash('sha256').update(whole).digest('hex');
    writeFileSync(`${path}.sha256`, `${digest}  damaged.o\n`);
    writeFileSync(path, whole);
    BpfObject.open(path).close();
    for (let at = 64; at < whole.length; at += 97) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8((whole.readUInt8(at) ^ 0x10) & 0xff, at);
      writeFileSync(path, damaged);
      expect(() => BpfObject.open(path)).toThrow(/SHA-256 .* it is damaged. Next: build it anew/);
    }
    writeFileSync(path, whole);
    writeFileSync(`${path}.sha256`, 'no digest\n');
    expect(() => BpfObject.open(path)).toThrow(/says nothing/);
  });

  it('that is cut off anywhere is refused or loads, and never ends the process', () => {
    const whole = readFileSync(tiny);
    const path = join(folder, 'cut.o');
    for (let length = 100; length < whole.length; length += 397) {
      writeFileSync(path, whole.subarray(0, length));
      expect(thrownBy(() => BpfObject.open(path).load())).toBeInstanceOf(KernelError);
    }
  });
});

function outcomeOf(body: () => void): Error | undefined {
  try {
    body();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function thrownBy(body: () => void): Error {
  const error = outcomeOf(body);
  if (error === undefined) throw new Error('nothing was thrown');
  return error;
}
