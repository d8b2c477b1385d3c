import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { createNamespace, deleteNamespace } from './namespace.ts';
import { readSysctl } from './sysctl.ts';
import { checkSysctlLimit, readSysctlLimit, writeSysctlLimit } from './sysctl-limit.ts';

const netns = `lev-t${process.pid}-sysctl`;
const wmem = { key: 'net.ipv4.tcp_wmem', netns } as const;

realKernelLab.describe('limits of buffers among the parameters of a namespace', () => {
  beforeEach(() => {
    deleteNamespace(netns);
    createNamespace(netns);
  });
  afterEach(() => deleteNamespace(netns));

  realKernelLab.it('the limit changes, the numbers beside it and the host do not', () => {
    const host = readSysctl('net.ipv4.tcp_wmem');
    const [low, middle, high] = readSysctl(wmem.key, netns).split(/\s+/).map(Number);
    expect(readSysctlLimit(wmem)).toEqual({ limit: high, bytesPerUnit: 1 });
    expect(writeSysctlLimit(wmem, 9_000_000)).toEqual({ previous: high });
    expect(readSysctl(wmem.key, netns)).toBe(`${low}\t${middle}\t9000000`);
    expect(readSysctl('net.ipv4.tcp_wmem')).toBe(host);
  });

  realKernelLab.it('below the default buffer or beyond the bounds nothing is written', () => {
    const before = readSysctl(wmem.key, netns);
    const middle = Number(before.split(/\s+/)[1]);
    expect(() => writeSysctlLimit(wmem, middle - 1)).toThrow(`from ${middle} to 1073741824`);
    expect(() => writeSysctlLimit(wmem, 2 ** 31)).toThrow(/to 1073741824/);
    expect(() => writeSysctlLimit(wmem, 1.5)).toThrow(/whole number/);
    expect(readSysctl(wmem.key, netns)).toBe(before);
  });

  realKernelLab.it('what belongs to the whole host is read-only inside a namespace', () => {
    const core = { key: 'net.core.wmem_max', netns } as const;
    expect(() => checkSysctlLimit(core)).toThrow(/the host, not a namespace, may own it/);
    const { limit } = readSysctlLimit(core);
    expect(() => writeSysctlLimit(core, limit + 4_096)).toThrow(
      expect.objectContaining({ code: 'permission-denied' }),
    );
    expect(() => checkSysctlLimit({ key: 'net.ipv4.tcp_mem', netns })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(() => checkSysctlLimit(wmem)).not.toThrow();
  });

  realKernelLab.it('tcp_mem counts in pages', () => {
    const { limit, bytesPerUnit } = readSysctlLimit({ key: 'net.ipv4.tcp_mem' });
    expect(bytesPerUnit).toBeGreaterThanOrEqual(4_096);
    expect(limit).toBe(Number(readSysctl('net.ipv4.tcp_mem').split(/\s+/)[2]));
  });
});
