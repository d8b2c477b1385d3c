import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { interfaceIndex, isBpffs, mountBpffs } from '@levitate/kernel/bpf';
import { realBpftool, realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished } from 'vitest';
import { bpfInKernel } from '../testing/bpf-in-kernel.ts';
import { KernelPrograms, type ProgrammedLink } from './kernel-programs.ts';
import { gainToQ16 } from './layout.ts';
import { objectPath } from './object-path.ts';

const netns = `lev-t${process.pid}-prog`;
const PACKETS = 400;
const PAYLOAD_BYTES = 1_000;
/** Ethernet, IPv4 and UDP headers in. */
const FRAME_BYTES = PAYLOAD_BYTES + 42;

realKernelLab.describe('the programs in a real kernel', () => {
  let directory: string;
  let programs: KernelPrograms;
  let before: Set<string>;
  const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args], { stdio: 'pipe' });
  const tc = (...args: string[]) =>
    execFileSync('tc', ['-n', netns, ...args], { encoding: 'utf8' });
  const pair = () => {
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('address', 'add', '10.91.0.1/24', 'dev', 'v0');
    ip('link', 'set', 'v0', 'up');
    ip('link', 'set', 'v1', 'up');
    ip('neigh', 'add', '10.91.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'v0');
    const shape = ['tbf', 'rate', '8mbit', 'burst', '4k', 'limit', '30000'];
    tc('qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', ...shape);
  };
  const send = (packets = PACKETS) => {
    const each = `printf '%0${PAYLOAD_BYTES}d' 0 >&3`;
    const script = `exec 3>/dev/udp/10.91.0.2/9; for ((i=0;i<${packets};i++)); do ${each}; done`;
    execFileSync('nsenter', [`--net=/run/netns/${netns}`, 'bash', '-c', script]);
  };
  const link = (ingress?: ProgrammedLink['ingress']): ProgrammedLink => {
    return { name: 'a', interface: 'v0', netns, ingress };
  };
  const open = (one: ProgrammedLink) => {
    programs = KernelPrograms.open({
      object: objectPath,
      footprint: join(directory, 'footprint.json'),
      links: [one],
    });
    programs.follow(0, interfaceIndex('v0', netns));
    programs.review();
    return programs;
  };
  /** Everything counted since the last call, once the slots of it are closed. */
  const counted = async () => {
    await sleep(15);
    programs.read();
    return programs.take(0);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'levitate-programs-'));
    deleteNamespace(netns);
    createNamespace(netns);
    pair();
    before = bpfInKernel();
  });
  afterEach(() => {
    programs.close();
    deleteNamespace(netns);
    rmSync(directory, { recursive: true, force: true });
  });

  describe('counting what leaves a link', () => {
    realBpftool.it('counts every packet, drop, high-water mark and delay', async () => {
      open(link());
      expect(programs.isCounting(0)).toBe(true);
      await sleep(300);
      await counted();
      let bytes = 0;
      let packets = 0;
      let dropped = 0;
      let highWater = 0;
      let longest = 0;
      // In parts of less than the ring's 320 ms.
      for (let part = 0; part < 20; part++) {
        send(PACKETS / 20);
        const { window, sojourn } = await counted();
        bytes += window.bytes;
        packets += window.packets;
        dropped += window.droppedPackets;
        highWater = Math.max(highWater, window.highWaterBytes);
        longest = Math.max(longest, sojourn?.p99 ?? 0);
      }
      const [qdisc] = JSON.parse(tc('-s', '-j', 'qdisc', 'show', 'dev', 'v0')) as {
        drops: number;
      }[];
      expect(packets).toBeGreaterThanOrEqual(PACKETS);
      expect(bytes).toBeGreaterThanOrEqual(PACKETS * FRAME_BYTES);
      // Neighbour discovery may send a few of its own.
      expect(packets).toBeLessThan(PACKETS + 20);
      expect(dropped).toBe(qdisc?.drops);
      expect(highWater).toBeLessThanOrEqual(30_000);
      expect(highWater).toBeGreaterThan(3 * FRAME_BYTES);
      // 30,000 B at 1 MB/s.
      expect(longest).toBeLessThan(0.04);
      expect(longest).toBeGreaterThan(0.002);
      const reasons = programs.drops().filter((one) => one.link === 'a');
      const byQdisc = reasons.filter(({ reason }) => reason.startsWith('QDISC'));
      expect(byQdisc.reduce((sum, one) => sum + one.packets, 0)).toBe(dropped);
    });

    realBpftool.it('follows an interface that goes away and comes back', async () => {
      open(link());
      ip('link', 'delete', 'v0');
      programs.follow(0, undefined);
      expect(programs.isCounting(0)).toBe(false);
      pair();
      programs.follow(0, interfaceIndex('v0', netns));
      expect(programs.isCounting(0)).toBe(true);
      // The programs learn of a new interface within 100 ms.
      const left = async () => {
        send(5);
        return (await counted()).window.packets;
      };
      await expect.poll(left, { timeout: 10_000 }).toBeGreaterThanOrEqual(5);
    });

    realBpftool.it('leaves nothing in the kernel, and no pin where maps can be pinned', () => {
      const isMounted = isBpffs();
      mountBpffs();
      onTestFinished(() => {
        if (!isMounted) execFileSync('umount', ['/sys/fs/bpf']);
      });
      open(link());
      const { directory: pins = '' } = programs.pins;
      expect(readdirSync(pins)).toContain('buffer_config_map');
      onTestFinished(() => expect(existsSync(pins)).toBe(false));
      const ours = [...bpfInKernel()].filter((one) => !before.has(one));
      expect(ours.length).toBeGreaterThan(15);
      programs.close();
      // The kernel frees what is closed a moment later.
      const left = () => {
        const now = bpfInKernel();
        return ours.filter((one) => now.has(one));
      };
      return expect.poll(left, { timeout: 60_000 }).toEqual([]);
    });
  });

  describe('the XDP program', () => {
    realBpftool.it('counts on an interface of its own, and its queue is driven', async () => {
      open(
        link({
          interface: 'v1',
          attach: 'auto',
          mode: 'monitor',
          rateBytesPerSecond: 1_000_000,
          queue: {
            maxSize: 20_000,
            kp: gainToQ16(0.4),
            ki: gainToQ16(0.05),
            kd: gainToQ16(0.02),
          },
          microburstGapNs: 20_000_000,
          microburstPackets: 8,
        }),
      );
      const xdp = programs.status().find(({ program }) => program === 'xdp_buffer_control');
      expect(xdp).toMatchObject({ link: 'a', hook: 'xdp', xdpMode: 'native' });
      // The programs learn of a new interface within 100 ms.
      const arrived = () => {
        send(20);
        return programs.ingress()[0]?.packets;
      };
      await expect.poll(arrived, { timeout: 10_000 }).toBeGreaterThanOrEqual(20);
      expect(programs.ingress()[0]?.policedPackets).toBe(0);
      expect(programs.takeMicrobursts(0).every((one) => one.link === 'a')).toBe(true);
      const table = programs.virtualQueues;
      table.write('a', { maxSize: 99_000, kp: 1, ki: 2, kd: 3 });
      expect(table.read('a')).toEqual({ maxSize: 99_000, kp: 1, ki: 2, kd: 3 });
      expect(table.read('nope')).toBeUndefined();
    });

    realBpftool.it('says why it does not hang where another is there already', () => {
      const ingress = {
        interface: 'v0',
        attach: 'auto',
        mode: 'monitor',
        rateBytesPerSecond: 1_000_000,
        queue: { maxSize: 20_000, kp: 0, ki: 0, kd: 0 },
        microburstGapNs: 0,
        microburstPackets: 0,
      } as const;
      const other = KernelPrograms.open({
        object: objectPath,
        footprint: join(directory, 'other.json'),
        links: [link(ingress)],
      });
      try {
        other.follow(0, interfaceIndex('v0', netns));
        open(link(ingress));
        const xdp = programs.status().find(({ program }) => program === 'xdp_buffer_control');
        expect(xdp?.hook).toBe('none');
        expect(xdp?.detail).toContain('xdp_buffer');
        expect(programs.isCounting(0)).toBe(true);
      } finally {
        other.close();
      }
    });
  });
});
