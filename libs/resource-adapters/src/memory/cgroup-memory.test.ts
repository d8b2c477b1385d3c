import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CgroupMemory } from './cgroup-memory.ts';

const mib = 2 ** 20;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-cgroup-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The files of a group of version 2, which this machine may not have. */
async function versionTwo(files: Record<string, string>): Promise<void> {
  const all = {
    'memory.high': 'max',
    'memory.current': `${60 * mib}`,
    'memory.peak': `${90 * mib}`,
    'memory.stat': `anon 1\ninactive_file ${10 * mib}\n`,
    'memory.events': 'low 0\nhigh 0\nmax 0\n',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), `${text}\n`);
}

describe('memory of a control group of version 2', () => {
  it('is what is in use less what can be read again; no limit counts as the largest', async () => {
    await versionTwo({});
    const memory = new CgroupMemory({ folder, min: mib, max: 512 * mib });
    expect(await memory.measure()).toMatchObject({ size: 512 * mib, need: 50 * mib });
  });

  it('is limited where it is slowed, and has no limit again', async () => {
    await versionTwo({});
    const memory = new CgroupMemory({ folder, min: mib, max: 512 * mib });
    const original = { size: 512 * mib, snapshot: await memory.snapshot() };
    await memory.apply(128 * mib);
    expect((await memory.measure()).size).toBe(128 * mib);
    await memory.restore(original);
    expect(await readFile(join(folder, 'memory.high'), 'utf8')).toBe('max');
  });

  it('needs all of its limit where it has met it', async () => {
    await versionTwo({ 'memory.high': `${64 * mib}` });
    const memory = new CgroupMemory({ folder, min: mib, max: 512 * mib });
    expect((await memory.measure()).need).toBe(50 * mib);
    await writeFile(join(folder, 'memory.events'), 'low 0\nhigh 7\nmax 0\n');
    expect((await memory.measure()).need).toBe(64 * mib);
    expect((await memory.measure()).need).toBe(50 * mib);
  });

  it.each([
    ['no number', { 'memory.current': 'much' }, 'garbage'],
    ['no such line', { 'memory.events': 'low 0' }, 'garbage'],
    ['below zero', { 'memory.current': '-5' }, 'garbage'],
  ])('is not measured where a file holds %s', async (_, files, code) => {
    await versionTwo(files);
    const memory = new CgroupMemory({ folder, min: mib, max: 512 * mib });
    await expect(memory.measure()).rejects.toMatchObject({ code });
  });

  it('is not that of a folder without such files, or of one that is gone', async () => {
    for (const each of [folder, join(folder, 'gone')]) {
      const memory = new CgroupMemory({ folder: each, min: mib, max: 512 * mib });
      await expect(memory.measure()).rejects.toMatchObject({ code: 'no-such-group' });
    }
  });
});
