import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { xdpHolder } from './attach-xdp.ts';
import { BpfObject } from './bpf-object.ts';
import { mountBpffs } from './bpffs.ts';
import { Footprint } from './footprint.ts';
import type { FootprintEntry } from './footprint-entry.ts';
import { pinMaps } from './pin-maps.ts';
import { removeStale } from './remove-stale.ts';
import { buildObject } from './testing/build-object.ts';
import { type KernelNumbers, remainsOf } from './testing/kernel-remains.ts';
import { openVethLab, type VethLab } from './testing/veth-lab.ts';

realBpfToolchain.describe('after the process was killed, the sweep', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-stale-'));
  const record = join(folder, 'record.json');
  const bpffs = join(folder, 'bpffs');
  const pins = join(bpffs, 'levitate', 'crash');
  let path = '';
  let lab: VethLab;
  let child: ChildProcess;
  let numbers: KernelNumbers;
  /** The kernel keeps two files of its own there. */
  let before: string[];
  beforeAll(() => {
    path = buildObject('tiny', folder);
    mkdirSync(bpffs);
    mountBpffs(bpffs);
    before = readdirSync(bpffs);
  });
  afterAll(() => {
    execFileSync('umount', [bpffs]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    rmSync(record, { force: true });
    lab = openVethLab(`lev-t${process.pid}-stale`);
    const program = join(import.meta.dirname, 'testing', 'child.ts');
    const args = [program, path, record, bpffs, lab.netns, String(lab.v0)];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    numbers = JSON.parse(String(line));
  });
  afterEach(async () => {
    await kill();
    lab.close();
    rmSync(join(bpffs, 'levitate'), { recursive: true, force: true });
  });

  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const tc = (text: string) => lab.run('tc', ...text.split(' '));
  const filters = () => tc('filter show dev v0 egress');
  const entries = (): FootprintEntry[] => JSON.parse(readFileSync(record, 'utf8')).entries;
  const rewrite = (change: (content: { bootId: string; entries: unknown[] }) => void) => {
    const content = JSON.parse(readFileSync(record, 'utf8'));
    change(content);
    writeFileSync(record, JSON.stringify(content));
  };

  it('removes filter, clsact and pins, and with them everything is gone', async () => {
    await kill();
    // The XDP link went with the process; filter and pins did not.
    await expect.poll(() => xdpHolder({ netns: lab.netns, ifindex: lab.v0 })).toBeUndefined();
    expect(filters()).toContain('tiny_egress');
    expect(readdirSync(pins)).toHaveLength(numbers.maps.length);
    const report = removeStale(record);
    expect(report.kept).toEqual([]);
    expect(report.removed).toHaveLength(numbers.maps.length + 1);
    expect(tc('qdisc show dev v0')).not.toContain('clsact');
    expect(readdirSync(bpffs)).toEqual(before);
    await expect.poll(() => remainsOf(numbers), { timeout: 60_000 }).toEqual([]);
    expect(removeStale(record)).toEqual({ removed: [], kept: [] });
  });

  it('does nothing while the process lives, and names it', () => {
    const error = expect.objectContaining({
      code: 'occupied',
      message: expect.stringContaining(`process ${child.pid} lives`),
    });
    expect(() => removeStale(record)).toThrow(error);
    expect(() => Footprint.open(record)).toThrow(error);
    expect(filters()).toContain('tiny_egress');
  });

  it('leaves a filter and a pin that others put in the place of ours', async () => {
    await kill();
    tc(`filter replace dev v0 egress prio 19574 handle 0x4c76 bpf da obj ${path} sec tc`);
    const foreign = filters();
    using other = BpfObject.open(path);
    other.load();
    rmSync(join(pins, 'settings'));
    const footprint = Footprint.open(join(folder, 'other.json'));
    pinMaps({ maps: [other.map('settings')], instance: 'crash', footprint, bpffs });
    const report = removeStale(record);
    expect(filters()).toBe(foreign);
    expect(readdirSync(pins)).toEqual(['settings']);
    expect(report.kept).toEqual([
      expect.stringMatching(/settings: what is pinned there is not map/),
      expect.stringMatching(/clsact stays, for 1 filters of others/),
    ]);
  });

  it('leaves the clsact to the filters of others', async () => {
    await kill();
    tc(`filter add dev v0 egress prio 7 handle 7 bpf da obj ${path} sec tc`);
    removeStale(record);
    expect(filters()).toContain('pref 7 ');
    expect(filters()).not.toContain('19574');
  });

  it('leaves a clsact that was there before, or of which that cannot be told', async () => {
    await kill();
    const filter = entries().find((one) => one.kind === 'filter');
    rewrite((content) => {
      content.entries = entries().map((one) =>
        one.kind === 'filter' ? { ...one, clsact: 'present' } : one,
      );
    });
    expect(removeStale(record).kept).toEqual([]);
    expect(tc('qdisc show dev v0')).toContain('clsact');
    expect(filters()).toBe('');
    // Killed between the record and the filter, and then a clsact is there.
    const making = { ...filter, clsact: 'making' } as FootprintEntry;
    Footprint.open(record).add(making);
    expect(removeStale(record).kept).toEqual([
      expect.stringMatching(/cannot be told, so it stays/),
    ]);
    expect(tc('qdisc show dev v0')).toContain('clsact');
    tc('qdisc del dev v0 clsact');
    Footprint.open(record).add(making);
    expect(removeStale(record).kept).toEqual([]);
  });

  it('knows a clsact that was being made by our filter on it', async () => {
    await kill();
    rewrite((content) => {
      content.entries = entries().map((one) =>
        one.kind === 'filter' ? { ...one, clsact: 'making' } : one,
      );
    });
    const again = entries();
    expect(removeStale(record).kept).toEqual([]);
    expect(tc('qdisc show dev v0')).not.toContain('clsact');
    // Killed once more, between the removal and the record of it: all is found gone.
    Footprint.open(record).add(...again);
    expect(removeStale(record)).toMatchObject({ kept: [], removed: { length: again.length } });
  });

  it('finds the namespace by what it is, whatever it is called by now', async () => {
    await kill();
    const moved = `${lab.netns}-moved`;
    execFileSync('ip', ['netns', 'attach', moved, String(namespaceHolder())]);
    try {
      lab.close();
      const report = removeStale(record);
      expect(report.kept).toEqual([]);
      const run = ['nsenter', `--net=/run/netns/${moved}`, 'tc', 'qdisc', 'show', 'dev', 'v0'];
      expect(execFileSync(run[0] as string, run.slice(1), { encoding: 'utf8' })).not.toMatch(
        /clsact/,
      );
    } finally {
      execFileSync('ip', ['netns', 'delete', moved]);
      holder?.kill('SIGKILL');
    }
  });

  let holder: ChildProcess | undefined;
  /** A process inside the namespace, by whose number it can be named anew. */
  function namespaceHolder(): number {
    const args = [`--net=/run/netns/${lab.netns}`, 'sleep', '600'];
    holder = spawn('nsenter', args, { stdio: 'ignore' });
    return holder.pid as number;
  }

  it('takes a namespace that is gone, and a machine that was started anew, for clean', async () => {
    await kill();
    const whole = readFileSync(record, 'utf8');
    lab.close();
    expect(removeStale(record).kept).toEqual([]);
    writeFileSync(record, whole);
    rewrite((content) => {
      content.bootId = 'another';
    });
    expect(removeStale(record)).toEqual({ removed: [], kept: [] });
  });

  it('sets a record aside that it cannot read, and says where to look', async () => {
    await kill();
    writeFileSync(record, '{"version": 1, "entries": [{"kind": "pin", "path": "/etc/passwd"}]}');
    const report = removeStale(record);
    expect(report.removed).toEqual([]);
    expect(report.kept[0]).toMatch(/could not be read and is now .*record.json.unreadable/);
    expect(readdirSync(folder)).toContain('record.json.unreadable');
    expect(filters()).toContain('tiny_egress');
  });

  it('unlinks nothing that is no pin, whatever the record says', async () => {
    await kill();
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'x');
    rewrite((content) => {
      content.entries = [{ kind: 'pin', path: precious, mapId: 1 }];
    });
    expect(removeStale(record).kept).toEqual([expect.stringContaining('is not map 1')]);
    expect(readFileSync(precious, 'utf8')).toBe('x');
  });
});
