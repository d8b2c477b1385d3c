import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BpfMap } from '@levitate/kernel/bpf';
import { expect, it } from 'vitest';
import { SlotProbe } from './slot-probe.ts';

const ARRAY = 2;
const HASH = 1;

it.runIf(process.platform === 'linux')('maps all of what it reads, or nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lev-slot-probe-'));
  const path = join(folder, 'slots');
  // Stands for a map: what is behind a file descriptor can be mapped.
  const fd = openSync(path, 'w+');
  try {
    ftruncateSync(fd, 8192);
    const mapOf = (name: string, type: number) =>
      ({ fd, shape: { name, type, valueBytes: 8, maxEntries: 1024 } }) as unknown as BpfMap;
    const mapped = () => readFileSync('/proc/self/maps', 'utf8').split(path).length - 1;
    const open = (histograms: BpfMap) =>
      new SlotProbe({ slots: mapOf('slots', ARRAY), histograms, links: 1, nowNs: () => 0n });
    expect(() => open(mapOf('histograms', HASH))).toThrow(/histograms.*its type is 1/);
    expect(mapped()).toBe(0);
    const probe = open(mapOf('histograms', ARRAY));
    expect(mapped()).toBe(2);
    probe.close();
    expect(mapped()).toBe(0);
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
});
