import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contracts, type ebpfAgent } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { isBpffs, mountBpffs } from '@levitate/kernel/bpf';
import { realBpftool, realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished } from 'vitest';
import { bpfInKernel } from './testing/bpf-in-kernel.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const PINS = '/sys/fs/bpf/levitate';
const netns = `lev-t${process.pid}-agent`;
const inside = ['nsenter', `--net=/run/netns/${netns}`];

function run([program = '', ...args]: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' });
}

/** What hangs on the interfaces of the namespace, and what classifies there. */
function onInterfaces(): string {
  const classifiers = ['v0', 'v1'].map((name) =>
    run([...inside, 'tc', 'qdisc', 'show', 'dev', name]),
  );
  return [run([...inside, realBpftool.path, 'net', 'show']), ...classifiers].join('\n');
}

describe('an agent with its programs in a real kernel', () => {
  let folder: string;
  let child: ChildProcess;
  let interfacesBefore: string;
  let before: Set<string>;
  let ours: string[];
  let isMountedHere: boolean;
  const ip = (...args: string[]) => run(['ip', '-n', netns, ...args]);

  async function startAgent() {
    child = spawn(process.execPath, [MAIN, '--config', join(folder, 'agent.yaml')], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [message] = (await once(child, 'message')) as [{ listen: string }];
    const client = connect(contracts.ebpfAgent, { address: message.listen });
    onTestFinished(() => client.close());
    return client;
  }

  /** Datagrams from v0 to nobody, so that they leave through its queue and arrive at v1. */
  const send = (packets: number) => {
    const script = `exec 3>/dev/udp/10.92.0.2/9; for ((i=0;i<${packets};i++)); do
      printf '%01000d' 0 >&3; done`;
    run([...inside, 'bash', '-c', script]);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'levitate-agent-'));
    deleteNamespace(netns);
    createNamespace(netns);
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('address', 'add', '10.92.0.1/24', 'dev', 'v0');
    ip('link', 'set', 'v0', 'up');
    ip('link', 'set', 'v1', 'up');
    ip('neigh', 'add', '10.92.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'v0');
    const tbf = ['tbf', 'rate', '80mbit', 'burst', '4k', 'limit', '60000'];
    run(['tc', '-n', netns, 'qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', ...tbf]);
    const xdp = {
      ...{ mode: 'monitor', interface: 'v1', rate_bytes_per_second: 1e7 },
      ...{ microburst_gap_us: 100_000, microburst_packets: 8 },
    };
    const config = {
      kernel: 'real',
      listen: '127.0.0.1:0',
      ops_listen: '127.0.0.1:0',
      state_directory: folder,
      lock_directory: join(folder, 'locks'),
      links: [{ name: 'lane', interface: 'v0', netns, xdp }],
    };
    writeFileSync(join(folder, 'agent.yaml'), JSON.stringify(config));
    isMountedHere = !isBpffs();
    mountBpffs();
    interfacesBefore = onInterfaces();
    before = bpfInKernel();
  });
  afterEach(() => {
    child.kill('SIGKILL');
    deleteNamespace(netns);
    if (isMountedHere) run(['umount', '/sys/fs/bpf']);
    rmSync(folder, { recursive: true, force: true });
  });

  const rememberOurs = () => {
    ours = [...bpfInKernel()].filter((one) => !before.has(one));
    expect(ours.length).toBeGreaterThan(15);
    expect(readdirSync(PINS)).toContain(`agent-${child.pid}`);
    expect(onInterfaces()).not.toBe(interfacesBefore);
  };
  /** The kernel frees what is closed a moment later. */
  const nothingIsLeft = async () => {
    const left = () => {
      const now = bpfInKernel();
      return ours.filter((one) => now.has(one));
    };
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
    const pins = join(PINS, `agent-${child.pid}`);
    await expect.poll(() => existsSync(pins), { timeout: 60_000 }).toBe(false);
    expect(onInterfaces()).toBe(interfacesBefore);
  };

  realKernelLab.it('counts, tells of microbursts, and lists what it hung up', async () => {
    const client = await startAgent();
    const stop = new AbortController();
    const bursts: ebpfAgent.Microburst[] = [];
    const following = (async () => {
      for await (const { microbursts } of client.streamMicrobursts({}, { signal: stop.signal })) {
        bursts.push(...microbursts);
      }
    })().catch(() => {});
    let packets = 0;
    for await (const { samples } of client.streamSamples({}, { signal: stop.signal })) {
      for (const { packetsPerSecond = 0, intervalMs = 0 } of samples) {
        packets += (packetsPerSecond * intervalMs) / 1000;
      }
      if (packets >= 60 && bursts.length > 0) break;
      send(20);
    }
    stop.abort();
    await following;
    expect(bursts[0]).toMatchObject({ link: 'lane' });
    expect(bursts[0]?.packets).toBeGreaterThanOrEqual(8);
    const { programs, ingress, unavailableReason } = await client.listPrograms({});
    expect(unavailableReason).toBe('');
    expect(programs.map(({ name, hook }) => [name, hook])).toEqual([
      ['levitate_qdisc_enqueue', 'tracepoint'],
      ['levitate_qdisc_dequeue', 'tracepoint'],
      ['levitate_kfree_skb', 'tracepoint'],
      ['levitate_egress', expect.stringMatching(/^(tcx|clsact)$/)],
      ['xdp_buffer_control', 'xdp'],
    ]);
    expect(ingress).toMatchObject([{ link: 'lane', maxSizeBytes: 524_288, policedPackets: 0 }]);
    expect(ingress[0]?.packets).toBeGreaterThanOrEqual(40);
  });

  realKernelLab.it('leaves nothing in the kernel when it is stopped', async () => {
    await startAgent();
    rememberOurs();
    child.kill('SIGTERM');
    await once(child, 'exit');
    await nothingIsLeft();
  });

  realKernelLab.it('leaves nothing in the kernel when it is killed', async () => {
    await startAgent();
    rememberOurs();
    child.kill('SIGKILL');
    await nothingIsLeft();
  });
});
