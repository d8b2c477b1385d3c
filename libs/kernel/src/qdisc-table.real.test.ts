import { execFileSync } from 'node:child_process';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { KernelError } from './kernel-error.ts';
import { createNamespace, deleteNamespace, listNamespaces, withNamespace } from './namespace.ts';
import type { Qdisc } from './qdisc.ts';
import { QdiscTable } from './qdisc-table.ts';
import { readSysctl } from './sysctl.ts';

const netns = `lev-t${process.pid}-kernel`;

realKernelLab.describe('qdiscs of a namespace of our own', () => {
  let table: QdiscTable;
  const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args]);
  const tc = (...args: string[]) =>
    execFileSync('tc', ['-n', netns, ...args], { encoding: 'utf8', stdio: 'pipe' });
  const tbf = (...args: string[]) =>
    tc('qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', ...args);
  const on = (name: string, from = table): Qdisc => {
    const found = from.dump().find((one) => one.interface === name);
    if (found === undefined) throw new Error(`no qdisc on ${name}`);
    return found;
  };

  beforeEach(() => {
    deleteNamespace(netns);
    createNamespace(netns);
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    for (const name of ['v0', 'v1']) ip('link', 'set', name, 'up');
    table = QdiscTable.open({ netns });
  });
  afterEach(() => {
    table.close();
    deleteNamespace(netns);
  });

  realKernelLab.it('a tbf and a bfifo are listed as tc made them', () => {
    tbf('tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000');
    tc('qdisc', 'add', 'dev', 'v1', 'root', 'handle', '2:', 'bfifo', 'limit', '7777');
    expect(on('v0')).toMatchObject({
      kind: 'tbf',
      handle: 0x10000,
      limitBytes: 60_000,
      rateBytesPerSecond: 12_500_000,
    });
    expect(on('v1')).toMatchObject({ kind: 'bfifo', handle: 0x20000, limitBytes: 7777 });
  });

  realKernelLab.it(
    'a new limit reads back, reaches the fifo inside and leaves rate and burst',
    () => {
      tbf('tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000');
      const before = on('v0');
      expect(table.setLimit(before, 512_000)).toEqual({ previousLimit: 60_000, limit: 512_000 });
      expect(settingsOf(on('v0'))).toEqual({ ...settingsOf(before), limitBytes: 512_000 });
      using hidden = QdiscTable.open({ netns, includeInvisible: true });
      const inner = hidden.dump().find((one) => one.kind === 'bfifo' && one.parent === 0x10001);
      expect(inner?.limitBytes).toBe(512_000);
      expect(tc('qdisc', 'show', 'dev', 'v0')).toContain('rate 100Mbit burst 16Kb');
    },
  );

  realKernelLab.it(
    'rate and burst stay as they are over many changes, from 64 kbit/s to 40 Gbit/s',
    () => {
      const shapes = [
        ['64kbit', '1600'],
        ['1mbit', '1514'],
        ['997mbit', '15441'],
        ['40gbit', '1048577'],
      ] as const;
      for (const [rate, burst] of shapes) {
        tbf('tbf', 'rate', rate, 'burst', burst, 'limit', '60000');
        const before = on('v0');
        for (let limit = 100_000; limit < 100_020; limit++) table.setLimit(on('v0'), limit);
        expect(settingsOf(on('v0'))).toEqual({ ...settingsOf(before), limitBytes: 100_019 });
        tc('qdisc', 'del', 'dev', 'v0', 'root');
      }
    },
  );

  realKernelLab.it(
    'a bucket of exactly one frame still lets full frames pass after a change',
    () => {
      ip('addr', 'add', '10.99.7.1/24', 'dev', 'v0');
      ip('neigh', 'add', '10.99.7.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'v0');
      tbf('tbf', 'rate', '100mbit', 'burst', '1514', 'limit', '60000');
      table.setLimit(on('v0'), 70_000);
      const before = on('v0');
      sendDatagrams(1);
      const after = on('v0');
      expect(after.dropped).toBe(before.dropped);
      expect(after.sentBytes + after.backlogBytes - before.sentBytes).toBeGreaterThanOrEqual(1514);
    },
  );

  realKernelLab.it(
    'a burst beyond the limit is counted as sent, queued or dropped, none lost',
    () => {
      ip('addr', 'add', '10.99.7.1/24', 'dev', 'v0');
      ip('neigh', 'add', '10.99.7.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'v0');
      tbf('tbf', 'rate', '8kbit', 'burst', '1600', 'limit', '15140');
      const before = on('v0');
      sendDatagrams(40);
      const after = on('v0');
      expect(after.dropped).toBeGreaterThan(0);
      expect(after.backlogBytes).toBeGreaterThan(1514 * 8);
      const packets = (one: Qdisc) => one.sentPackets + one.backlogPackets + one.dropped;
      expect(packets(after) - packets(before)).toBeGreaterThanOrEqual(40);
    },
  );

  realKernelLab.it('a pfifo is changed in packets', () => {
    tc('qdisc', 'add', 'dev', 'v0', 'root', 'handle', '3:', 'pfifo', 'limit', '100');
    expect(table.setLimit(on('v0'), 250)).toEqual({ previousLimit: 100, limit: 250 });
    expect(on('v0').limitPackets).toBe(250);
  });

  realKernelLab.it('a qdisc that took the place is left alone, whatever it shares', () => {
    tbf('tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000');
    const known = on('v0');
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    expect(codeOf(() => table.setLimit(known, 99_000))).toMatch(/not-found|refused|changed/);
    tbf('tbf', 'rate', '50mbit', 'burst', '16k', 'limit', '60000');
    expect(codeOf(() => table.setLimit(known, 99_000))).toBe('changed-underneath');
    tc('qdisc', 'replace', 'dev', 'v0', 'root', 'handle', '9:', 'bfifo', 'limit', '60000');
    expect(codeOf(() => table.setLimit(known, 99_000))).toMatch(/not-found|refused|changed/);
    expect(on('v0')).toMatchObject({ kind: 'bfifo', handle: 0x90000, limitBytes: 60_000 });
  });

  realKernelLab.it('a limit the kernel cannot hold is refused before anything is asked', () => {
    tbf('tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000');
    for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 32]) {
      expect(codeOf(() => table.setLimit(on('v0'), limit))).toBe('out-of-range');
    }
    expect(on('v0').limitBytes).toBe(60_000);
  });

  realKernelLab.it('an interface that is renamed or new is listed by its name', () => {
    tbf('tbf', 'rate', '100mbit', 'burst', '16k', 'limit', '60000');
    ip('link', 'add', 'w0', 'type', 'veth', 'peer', 'name', 'w1');
    ip('link', 'set', 'w0', 'up');
    tc('qdisc', 'add', 'dev', 'w0', 'root', 'handle', '1:', 'bfifo', 'limit', '1000');
    expect(on('w0').limitBytes).toBe(1000);
    ip('link', 'set', 'w0', 'down');
    ip('link', 'set', 'w0', 'name', 'renamed');
    table.refreshNames();
    expect(on('renamed').limitBytes).toBe(1000);
  });

  realKernelLab.it('a table knows that its namespace was deleted or made anew', () => {
    expect(table.isStale()).toBe(false);
    deleteNamespace(netns);
    expect(table.isStale()).toBe(true);
    createNamespace(netns);
    expect(table.isStale()).toBe(true);
    using again = QdiscTable.open({ netns });
    expect(again.isStale()).toBe(false);
  });

  realKernelLab.it(
    'the thread is back home after a namespace was entered, also when the body throws',
    () => {
      const home = readSysctl('net.ipv4.ip_forward');
      const other = home === '1' ? '0' : '1';
      execFileSync('nsenter', [
        `--net=/run/netns/${netns}`,
        'sysctl',
        '-q',
        '-w',
        `net.ipv4.ip_forward=${other}`,
      ]);
      expect(readSysctl('net.ipv4.ip_forward', netns)).toBe(other);
      const failing = () =>
        withNamespace(netns, () => {
          throw new Error('within');
        });
      expect(failing).toThrow('within');
      expect(readSysctl('net.ipv4.ip_forward')).toBe(home);
    },
  );

  realKernelLab.it('namespaces are listed while they are there', () => {
    expect(listNamespaces()).toContain(netns);
    expect(() => createNamespace(netns)).toThrow(/File exists/);
    deleteNamespace(netns);
    deleteNamespace(netns);
    expect(listNamespaces()).not.toContain(netns);
  });

  function sendDatagrams(count: number): void {
    const send = `for i in $(seq ${count}); do head -c 1472 /dev/zero > /dev/udp/10.99.7.2/9; done`;
    execFileSync('nsenter', [`--net=/run/netns/${netns}`, 'bash', '-c', send]);
  }
});

realKernelLab.it('a namespace that is not there is an error with the next step', () => {
  expect(() => QdiscTable.open({ netns: 'lev-none' })).toThrow(/ip netns list/);
});

/** What was configured, counters left out: the interface talks IPv6 by itself. */
function settingsOf({ kind, handle, limitBytes, rateBytesPerSecond, bucketTicks }: Qdisc) {
  return { kind, handle, limitBytes, rateBytesPerSecond, bucketTicks };
}

function codeOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}
