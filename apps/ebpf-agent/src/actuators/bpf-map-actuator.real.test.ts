import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { realBpftool } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { type AgentConfig, agentConfig } from '../config.ts';
import { MemoryStore, ORIGINALS_FILE } from '../durable-records.ts';
import { openPrograms } from '../ebpf/open-programs.ts';
import { LimitControl } from '../limit-control.ts';
import { RealKernel } from '../real-kernel.ts';
import type { Restored } from '../restore-originals.ts';
import { BpfMapActuator } from './bpf-map-actuator.ts';
import { openChain } from './open-chain.ts';
import type { VirtualQueueConfig, VirtualQueueTable } from './virtual-queue-table.ts';

const netns = `lev-t${process.pid}-map`;
const claim = { link: 'lane', holder: 'controller', token: 1 };

realBpftool.describe('the virtual queue of a link in the map of the loaded programs', () => {
  let directory: string;
  let config: AgentConfig;
  let kernel: RealKernel;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'levitate-map-'));
    deleteNamespace(netns);
    createNamespace(netns);
    const pair = ['link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'];
    execFileSync('ip', ['-n', netns, ...pair]);
    const xdp = { mode: 'monitor', max_bytes: 400_000, kp: 0.8, ki: 0.1, kd: 0.05 };
    config = agentConfig.parse({
      links: [{ name: 'lane', interface: 'v0', netns, actuators: ['bpf-map'], xdp }],
    });
    kernel = new RealKernel({ links: config.links, capabilities: [], onFault: () => {} });
  });
  afterEach(async () => {
    kernel.close();
    deleteNamespace(netns);
    await rm(directory, { recursive: true });
  });

  const open = () => {
    const opened = openPrograms({ config, kernel, stateDirectory: directory });
    if (opened.programs === undefined) throw new Error(opened.reason);
    return opened.programs;
  };
  const control = (virtualQueues: VirtualQueueTable, restored: Restored[] = []) => {
    const store = new MemoryStore();
    const chain = openChain({ kernel, links: config.links, virtualQueues });
    const bounds = { limitBytesMin: 3_028, limitBytesMax: 67_108_864 };
    const onRestored = (one: Restored) => restored.push(one);
    const clock = new VirtualClock();
    return LimitControl.open({ chain, store, clock, bounds, onRestored });
  };

  realBpftool.it(
    'its depth is changed and put back, and its gains where they are said',
    async () => {
      const programs = open();
      try {
        const table = programs.virtualQueues;
        const before = table.read('lane');
        expect(before?.maxSize).toBe(400_000);
        const one = await control(table);
        const taken = await one.acquire({ ...claim, ttlMs: 60_000 });
        expect(taken).toMatchObject({ limitBytes: 400_000, originalLimitBytes: 400_000 });
        await one.setLimit({ ...claim, limitBytes: 900_000 });
        expect(table.read('lane')).toEqual({ ...before, maxSize: 900_000 });
        const gains = { kp: 0.5, ki: 0.25, kd: 0.125 };
        await one.setLimit({ ...claim, limitBytes: 800_000, gains });
        const inQ16 = { kp: 32_768, ki: 16_384, kd: 8_192 };
        expect(table.read('lane')).toEqual({ maxSize: 800_000, ...inQ16 });
        expect(one.lookAll()[0]?.actuation?.label).toBe('buffer_config_map of lane');
        await one.release(claim);
        expect(table.read('lane')).toEqual(before);
      } finally {
        programs.close();
      }
    },
  );

  realBpftool.it(
    'the original of another map is void: that map ended with its programs',
    async () => {
      const first = open();
      const { id } = first.virtualQueues;
      const before = first.virtualQueues.read('lane') ?? { maxSize: 0, kp: 0, ki: 0, kd: 0 };
      const [finding] = new BpfMapActuator(first.virtualQueues).find([linkNamed('lane')]);
      first.close();
      const second = open();
      try {
        expect(second.virtualQueues.id).not.toBe(id);
        if (finding?.kind !== 'found') throw new Error('not found');
        const [{ target }] = finding.parts;
        const actuator = new BpfMapActuator(second.virtualQueues);
        expect(() => actuator.set(target, 5_000)).toThrow(/its map is not the one it was/);
        expect(actuator.restore(target)).toBe('gone');
        expect(second.virtualQueues.read('lane')).toEqual(before);
      } finally {
        second.close();
      }
    },
  );

  /** No real map drops a write, so this table is one in memory. */
  realBpftool.it('a change that does not read back is refused, and its original kept', async () => {
    const entry: VirtualQueueConfig = { maxSize: 400_000, kp: 1, ki: 2, kd: 3 };
    const deaf: VirtualQueueTable = { id: 'memory', read: () => ({ ...entry }), write: () => {} };
    const store = new MemoryStore();
    const one = await LimitControl.open({
      chain: openChain({ kernel, links: config.links, virtualQueues: deaf }),
      store,
      clock: new VirtualClock(),
      bounds: { limitBytesMin: 3_028, limitBytesMax: 67_108_864 },
      onRestored: () => {},
    });
    await one.acquire({ ...claim, ttlMs: 60_000 });
    const change = one.setLimit({ ...claim, limitBytes: 900_000 });
    await expect(change).rejects.toThrow(/maxSize reads back 400000, was set to 900000/);
    expect(Buffer.from((await store.read(ORIGINALS_FILE)) ?? []).toString()).toContain('400000');
  });
});

function linkNamed(name: string) {
  const link = { name, interface: name, actuators: ['bpf-map'] as const, packetBytes: 1_514 };
  return { ...link, socketDirection: 'both' as const };
}
