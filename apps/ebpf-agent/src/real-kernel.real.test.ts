import { execFileSync } from 'node:child_process';
import { createNamespace, deleteNamespace, type KernelError } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { restoreQueue } from './actuators/restore-queue.ts';
import { identityKey, type QueueIdentity } from './kernel.ts';
import type { RealLink } from './queue-inspection.ts';
import { RealKernel } from './real-kernel.ts';

const netns = `lev-t${process.pid}-real`;

realKernelLab.describe('real queues as the agent sees them', () => {
  let kernel: RealKernel;
  let faults: string[];
  const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args], { stdio: 'pipe' });
  const tc = (...args: string[]) => execFileSync('tc', ['-n', netns, ...args], { stdio: 'pipe' });
  const tbf = (name: string, rate = '100mbit') => {
    const shape = ['tbf', 'rate', rate, 'burst', '16k', 'limit', '60000'];
    tc('qdisc', 'add', 'dev', name, 'root', 'handle', '1:', ...shape);
  };
  const pair = (name: string, peer: string) => {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', peer);
    ip('link', 'set', name, 'up');
  };
  const both = [
    { name: 'a', interface: 'v0', netns },
    { name: 'b', interface: 'w0', netns, drainBytesPerSecond: 5_000 },
  ];
  const open = (links: RealLink[] = both) => {
    faults = [];
    return new RealKernel({
      links,
      capabilities: [],
      onFault: ({ error }: { error: KernelError }) => faults.push(error.code),
    });
  };
  const pollOn = () => {
    kernel.poll();
    kernel.review();
    return kernel.poll();
  };
  const identityOf = (index: number): QueueIdentity => {
    const { identity } = kernel.inspectAll()[index]?.queues[0] ?? {};
    if (identity === undefined) throw new Error(`link ${index} is not controllable`);
    return identity;
  };

  beforeEach(() => {
    deleteNamespace(netns);
    createNamespace(netns);
    pair('v0', 'v1');
    pair('w0', 'w1');
    tbf('v0');
    tc('qdisc', 'add', 'dev', 'w0', 'root', 'handle', '2:', 'bfifo', 'limit', '40000');
    kernel = open();
  });
  afterEach(() => {
    kernel.close();
    deleteNamespace(netns);
  });

  realKernelLab.it('a tbf knows its drain, a bfifo has the configured one', () => {
    const [a, b] = kernel.poll();
    expect(a).toMatchObject({ kind: 'tbf', limitBytes: 60_000, drainBytesPerSecond: 12_500_000 });
    expect(b).toMatchObject({ kind: 'bfifo', limitBytes: 40_000, drainBytesPerSecond: 5_000 });
  });

  realKernelLab.it('both are changed and restored, each by its identity', () => {
    kernel.poll();
    const [a, b] = [identityOf(0), identityOf(1)];
    expect(kernel.setLimit(a, 512_000)).toEqual({ previousLimit: 60_000, limit: 512_000 });
    expect(kernel.setLimit(b, 90_000)).toEqual({ previousLimit: 40_000, limit: 90_000 });
    expect(kernel.restore(a, 60_000)).toBe('restored');
    expect(restoreQueue(b, 40_000)).toBe('restored');
    expect(kernel.poll().map((one) => one?.limitBytes)).toEqual([60_000, 40_000]);
  });

  realKernelLab.it('what cannot be driven is listed with the reason', () => {
    tc('qdisc', 'add', 'dev', 'v0', 'parent', '1:1', 'handle', '10:', 'bfifo', 'limit', '9000');
    tc('qdisc', 'replace', 'dev', 'w0', 'root', 'handle', '3:', 'mq');
    const reasons = kernel.inspectAll().map((one) => one.notControllableReason);
    expect(reasons[0]).toMatch(/its child bfifo 10:/);
    expect(reasons[1]).toMatch(/its queue 3:1: the limit of pfifo_fast is not one/);
    tc('qdisc', 'replace', 'dev', 'w0', 'root', 'noqueue');
    const [, noqueue] = kernel.inspectAll();
    expect(noqueue?.queues).toEqual([]);
    expect(noqueue?.notControllableReason).toMatch(/keeps no queue/);
  });

  realKernelLab.it('a pfifo is changed in packets and told in bytes', () => {
    tc('qdisc', 'replace', 'dev', 'w0', 'root', 'handle', '3:', 'pfifo', 'limit', '9');
    const [, pfifo] = kernel.inspectAll();
    expect(pfifo?.queues[0]).toMatchObject({ limit: 9, unit: 'packets' });
    expect(pfifo?.reading?.limitBytes).toBe(9 * 1_514);
    expect(kernel.setLimit(identityOf(1), 50)).toEqual({ previousLimit: 9, limit: 50 });
    expect(kernel.restore(identityOf(1), 9)).toBe('restored');
    expect(kernel.inspectAll()[1]?.queues[0]?.limit).toBe(9);
  });

  realKernelLab.it('each queue below an mq is one of the link', () => {
    ip('link', 'add', 'm0', 'numtxqueues', '2', 'type', 'veth', 'peer', 'name', 'm1');
    ip('link', 'set', 'm0', 'up');
    tc('qdisc', 'add', 'dev', 'm0', 'root', 'handle', '1:', 'mq');
    for (const queue of ['1', '2']) {
      const shape = ['handle', `1${queue}:`, 'bfifo', 'limit', `${queue}0000`];
      tc('qdisc', 'add', 'dev', 'm0', 'parent', `1:${queue}`, ...shape);
    }
    kernel.close();
    kernel = open([{ name: 'm', interface: 'm0', netns }]);
    const { queues = [], label } = kernel.inspectAll()[0] ?? {};
    expect(label).toBe('mq 1: of m0');
    expect(queues.map(({ limit }) => limit)).toEqual([10_000, 20_000]);
    for (const { identity } of queues) kernel.setLimit(identity, 77_000);
    expect(kernel.inspectAll()[0]?.queues.map(({ limit }) => limit)).toEqual([77_000, 77_000]);
    for (const { identity, limit } of queues) {
      expect(kernel.restore(identity, limit)).toBe('restored');
    }
    expect(kernel.inspectAll()[0]?.queues.map(({ limit }) => limit)).toEqual([10_000, 20_000]);
  });

  realKernelLab.it('an interface that goes is missing, and there again when it comes back', () => {
    expect(kernel.poll()[0]).toBeDefined();
    ip('link', 'del', 'v0');
    expect(kernel.poll()[0]).toBeUndefined();
    expect(kernel.inspectAll()[0]?.notControllableReason).toMatch(/no interface v0/);
    expect(kernel.poll()[1]).toBeDefined();
    pair('v0', 'v1');
    tbf('v0');
    expect(kernel.poll()[0]).toBeDefined();
    expect(faults).toEqual([]);
  });

  realKernelLab.it('a namespace that goes is told once, and followed when it is made anew', () => {
    kernel.poll();
    deleteNamespace(netns);
    expect(pollOn()).toEqual([undefined, undefined]);
    expect(pollOn()).toEqual([undefined, undefined]);
    expect(faults).toEqual(['not-found']);
    createNamespace(netns);
    pair('v0', 'v1');
    tbf('v0');
    expect(pollOn().map((one) => one?.kind)).toEqual(['tbf', undefined]);
  });

  realKernelLab.it(
    'a renamed interface keeps its queue, which is one and the same original',
    () => {
      kernel.poll();
      const known = identityOf(0);
      kernel.setLimit(known, 512_000);
      ip('link', 'set', 'v0', 'down');
      ip('link', 'set', 'v0', 'name', 'w9');
      ip('link', 'set', 'w0', 'name', 'v0');
      pollOn();
      expect(identityKey(identityOf(0))).not.toBe(identityKey(known));
      expect(kernel.restore(known, 60_000)).toBe('restored');
      kernel.close();
      kernel = open([{ name: 'a', interface: 'w9', netns }]);
      expect(identityKey(identityOf(0))).toBe(identityKey(known));
      expect(kernel.poll()[0]?.limitBytes).toBe(60_000);
    },
  );

  realKernelLab.it('a queue that is gone or another is neither changed nor restored', () => {
    kernel.poll();
    const known = identityOf(0);
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    expect(kernel.restore(known, 70_000)).toMatch(/gone|foreign/);
    tbf('v0', '50mbit');
    expect(() => kernel.setLimit(known, 70_000)).toThrow(/no longer the tbf/);
    expect(kernel.restore(known, 70_000)).toBe('foreign');
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    tc('qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', 'bfifo', 'limit', '5000');
    expect(kernel.restore(known, 70_000)).toBe('foreign');
    expect(kernel.poll()[0]?.limitBytes).toBe(5_000);
    ip('link', 'del', 'v0');
    expect(kernel.restore(known, 70_000)).toBe('gone');
    expect(restoreQueue({ ...identityOf(1), bootId: 'another boot' }, 1)).toBe('gone');
    deleteNamespace(netns);
    expect(restoreQueue(known, 70_000)).toBe('gone');
    createNamespace(netns);
    expect(restoreQueue(known, 70_000)).toBe('gone');
  });
});
