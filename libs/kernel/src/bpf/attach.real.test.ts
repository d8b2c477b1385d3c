import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realBpfToolchain } from '@levitate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createNamespace } from '../namespace.ts';
import { attachTc } from './attach-tc.ts';
import { attachTracepoint } from './attach-tracepoint.ts';
import { attachXdp, xdpHolder } from './attach-xdp.ts';
import { BpfObject } from './bpf-object.ts';
import { Footprint } from './footprint.ts';
import { interfaceIndex } from './interface-place.ts';
import { buildObject } from './testing/build-object.ts';
import { kernelNumbers, remainsOf } from './testing/kernel-remains.ts';
import { openVethLab, type VethLab } from './testing/veth-lab.ts';

realBpfToolchain.describe('a program', () => {
  const { it } = realBpfToolchain;
  const folder = mkdtempSync(join(tmpdir(), 'lev-bpf-attach-'));
  const record = join(folder, 'record.json');
  const netns = `lev-t${process.pid}-bpf`;
  let path = '';
  let lab: VethLab;
  let object: BpfObject;
  let footprint: Footprint;
  beforeAll(() => {
    path = buildObject('tiny', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    lab = openVethLab(netns);
    object = BpfObject.open(path);
    object.load();
    rmSync(record, { force: true });
    footprint = Footprint.open(record);
  });
  afterEach(() => {
    object.close();
    lab.close();
  });

  const counted = (place: number) => countedBy(object, place);
  const egress = (hook: 'auto' | 'tcx' | 'clsact', ifindex = lab.v0) => {
    const program = object.program('tiny_egress');
    return attachTc({ program, netns, ifindex, direction: 'egress', footprint, hook });
  };
  const xdp = (ifindex: number, mode?: 'native' | 'generic') =>
    attachXdp({ program: object.program('tiny_xdp'), netns, ifindex, mode });
  const tc = (text: string) => lab.run('tc', ...text.split(' '));
  const qdiscs = () => tc('qdisc show dev v0');
  const addForeign = (side: string) =>
    tc(`filter add dev v0 ${side} prio 7 handle 7 bpf da obj ${path} sec tc`);
  const filters = () => tc('filter show dev v0 egress');

  it('on XDP runs in the driver of a veth and sees each frame', () => {
    const attachment = xdp(lab.v1);
    expect(attachment).toMatchObject({ hook: 'xdp', xdpMode: 'native' });
    expect(attachment.isAttached()).toBe(true);
    lab.send(20);
    expect(counted(0)).toBeGreaterThanOrEqual(20);
    attachment.close();
    attachment.close();
    expect(attachment.isAttached()).toBe(false);
    expect(xdpHolder({ netns, ifindex: lab.v1 })).toBeUndefined();
  });

  it('on XDP falls to generic where the interface has no native, and says why', () => {
    const ifindex = interfaceIndex('lo', netns);
    expect(() => xdp(ifindex, 'native')).toThrow(/native refused with ENOTSUP/);
    const attachment = xdp(ifindex);
    expect(attachment.xdpMode).toBe('generic');
    expect(attachment.detail).toMatch(/generic on interface \d+ of .*native refused with ENOTSUP/);
    lab.run('bash', '-c', 'echo x > /dev/udp/127.0.0.1/9');
    expect(counted(0)).toBeGreaterThan(0);
    attachment.close();
  });

  it('on XDP leaves the program of another where it is, in either mode, and names it', () => {
    for (const kind of ['xdpdrv', 'xdpgeneric']) {
      lab.run('ip', ...`link set dev v1 ${kind} obj ${path} sec xdp`.split(' '));
      const before = xdpHolder({ netns, ifindex: lab.v1 });
      expect(before).toMatchObject({ name: 'tiny_xdp' });
      const error = expect.objectContaining({
        code: 'occupied',
        message: expect.stringMatching(`tiny_xdp \\(id ${before?.programId}, .*left alone`),
      });
      expect(() => xdp(lab.v1)).toThrow(error);
      expect(xdpHolder({ netns, ifindex: lab.v1 })).toEqual(before);
      lab.run('ip', 'link', 'set', 'dev', 'v1', kind, 'off');
    }
    xdp(lab.v1).close();
  });

  it('on an interface that is not there, or in no namespace, is an error', () => {
    expect(() => xdp(9999)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => egress('tcx', 9999)).toThrow(/no interface 9999/);
    expect(() => interfaceIndex('v9', netns)).toThrow(/there is none/);
    const program = object.program('tiny_xdp');
    expect(() => attachXdp({ program, netns: 'lev-none', ifindex: 1 })).toThrow(/ip netns list/);
    expect(() => egress('clsact', -1)).toThrow(/no interface -1/);
    expect(footprint.entries).toEqual([]);
  });

  it('on tcx counts what leaves, needs no qdisc and no record', () => {
    const attachment = egress('auto');
    expect(attachment.hook).toBe('tcx');
    lab.send(20);
    expect(counted(1)).toBeGreaterThanOrEqual(20);
    expect(qdiscs()).not.toContain('clsact');
    expect(footprint.entries).toEqual([]);
    attachment.close();
    const before = counted(1);
    lab.send(5);
    expect(counted(1)).toBe(before);
  });

  it('on a clsact it makes counts what leaves, is recorded, and takes all away', () => {
    const attachment = egress('clsact');
    expect(attachment.isAttached()).toBe(true);
    lab.send(20);
    expect(counted(1)).toBeGreaterThanOrEqual(20);
    expect(filters()).toContain('handle 0x4c76 tiny_egress');
    expect(Footprint.open(record).entries).toMatchObject([{ kind: 'filter', clsact: 'made' }]);
    attachment.close();
    attachment.close();
    expect(qdiscs()).not.toContain('clsact');
    expect(footprint.entries).toEqual([]);
  });

  it('hangs beside the filter of another on its clsact, and both run', () => {
    tc('qdisc add dev v0 clsact');
    addForeign('egress');
    const foreign = filters();
    for (const hook of ['tcx', 'clsact'] as const) {
      const before = counted(1);
      const attachment = egress(hook);
      lab.send(10);
      expect(counted(1) - before).toBeGreaterThanOrEqual(10);
      attachment.close();
      expect(filters()).toBe(foreign);
      expect(qdiscs()).toContain('clsact');
    }
  });

  it('leaves the clsact it made to those who came to use it meanwhile', () => {
    const attachment = egress('clsact');
    addForeign('ingress');
    attachment.close();
    expect(filters()).toBe('');
    expect(tc('filter show dev v0 ingress')).toContain('handle 0x7');
    expect(qdiscs()).toContain('clsact');
  });

  it('takes no place that the filter or the qdisc of another has', () => {
    tc('qdisc add dev v0 clsact');
    tc(`filter add dev v0 egress prio 19574 handle 0x4c76 bpf da obj ${path} sec tc`);
    const foreign = filters();
    expect(() => egress('clsact')).toThrow(expect.objectContaining({ code: 'occupied' }));
    expect(filters()).toBe(foreign);
    tc('qdisc del dev v0 clsact');
    tc('qdisc add dev v0 ingress');
    expect(() => egress('clsact')).toThrow(/an ingress qdisc holds ffff:/);
    expect(qdiscs()).toContain('ingress');
    expect(footprint.entries).toEqual([]);
  });

  it('leaves a filter that took the place of ours', () => {
    const attachment = egress('clsact');
    tc(`filter replace dev v0 egress prio 19574 handle 0x4c76 bpf da obj ${path} sec tc`);
    const foreign = filters();
    expect(attachment.isAttached()).toBe(false);
    attachment.close();
    expect(filters()).toBe(foreign);
  });

  it('knows that its interface is gone, and closes without a word', () => {
    const attachments = [xdp(lab.v1), egress('tcx'), egress('clsact')];
    lab.run('ip', 'link', 'del', 'v0');
    for (const attachment of attachments) {
      expect(attachment.isAttached()).toBe(false);
      attachment.close();
    }
    expect(footprint.entries).toEqual([]);
  });

  it('closes after its namespace was deleted, or made anew under the same name', () => {
    const first = egress('clsact');
    lab.close();
    first.close();
    expect(footprint.entries).toEqual([]);
    lab = openVethLab(netns);
    const second = egress('clsact');
    lab.close();
    createNamespace(netns);
    expect(second.isAttached()).toBe(false);
    second.close();
    expect(footprint.entries).toEqual([]);
  });

  it('on a tracepoint sees the drops of every namespace', () => {
    const attachment = attachTracepoint(object.program('tiny_drops'));
    // Nothing listens on port 9: the datagram is dropped with a reason.
    lab.run('bash', '-c', 'for i in 1 2 3; do echo x > /dev/udp/127.0.0.1/9; done || true');
    expect(counted(2)).toBeGreaterThan(0);
    attachment.close();
    expect(attachment.isAttached()).toBe(false);
  });

  it('and all that was attached leave nothing once everything is closed', async () => {
    const numbers = kernelNumbers(object);
    const attachments = [
      ...[xdp(lab.v1), egress('tcx'), egress('clsact')],
      attachTracepoint(object.program('tiny_drops')),
    ];
    expect(remainsOf(numbers).filter((one) => one.startsWith('link'))).toHaveLength(3);
    // What is attached stays when only the object is closed.
    object.close();
    for (const attachment of attachments) expect(attachment.isAttached()).toBe(true);
    for (const attachment of attachments) attachment.close();
    await expect.poll(() => remainsOf(numbers), { timeout: 60_000 }).toEqual([]);
    expect(lab.run('bpftool', 'net', 'show')).not.toMatch(/tiny_/);
    expect(qdiscs()).not.toContain('clsact');
  });
});

/** What a program counted at a place, on all CPUs. */
function countedBy(object: BpfObject, place: number): number {
  const counters = object.map('counters');
  const value = Buffer.alloc(counters.lookupBytes);
  const key = Buffer.alloc(4);
  key.writeUInt32LE(place);
  counters.lookup(key, value);
  let sum = 0;
  for (let at = 0; at < value.length; at += counters.cpuStrideBytes) sum += value.readUInt32LE(at);
  return sum;
}
