import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { VirtualClock } from '@levitate/clock';
import {
  BorrowedSocket,
  connectionsOfPort,
  createNamespace,
  deleteNamespace,
  QdiscTable,
  readSysctl,
} from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { type AgentLink, agentConfig } from '../config.ts';
import { MemoryStore } from '../durable-records.ts';
import { LimitControl } from '../limit-control.ts';
import { RealKernel } from '../real-kernel.ts';
import type { Restored } from '../restore-originals.ts';
import { openChain } from './open-chain.ts';

const netns = `lev-t${process.pid}-chain`;
const claim = { link: 'lane', holder: 'controller', token: 1 };
const ttlMs = 60_000;
/** Listens, connects as often as it is told, and closes the connection it made first. */
const PEERS = `
  const net = require('node:net');
  const clients = [];
  const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
    process.send(server.address().port);
  });
  process.on('message', (word) => {
    if (word === 'close') return clients.shift().destroy();
    const client = net.connect(server.address().port, '127.0.0.1', () => process.send('connected'));
    clients.push(client);
  });
`;

realKernelLab.describe('what a limit is written to, on a real host', () => {
  let peers: ChildProcess;
  let port: number;
  let restored: Restored[];
  let kernels: RealKernel[];
  const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args], { stdio: 'pipe' });
  const tc = (...args: string[]) => execFileSync('tc', ['-n', netns, ...args], { stdio: 'pipe' });
  const addQueue = (rate = '100mbit', limit = '60000') => {
    const shape = ['tbf', 'rate', rate, 'burst', '16k', 'limit', limit];
    tc('qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:', ...shape);
  };
  const addInterface = () => {
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('link', 'set', 'v0', 'up');
  };

  beforeEach(async () => {
    restored = [];
    kernels = [];
    deleteNamespace(netns);
    createNamespace(netns);
    addInterface();
    const inside = [`--net=/run/netns/${netns}`, process.execPath, '-e', PEERS];
    peers = spawn('nsenter', inside, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    [port] = (await once(peers, 'message')) as [number];
  });
  afterEach(async () => {
    const exited = once(peers, 'exit');
    if (peers.kill('SIGKILL')) await exited;
    for (const kernel of kernels) kernel.close();
    deleteNamespace(netns);
  });

  async function connectOnce(): Promise<void> {
    const before = connectionsOfPort(port, netns).length;
    peers.send('connect');
    await once(peers, 'message');
    await expect
      .poll(() => connectionsOfPort(port, netns).length, { timeout: 20_000 })
      .toBe(before + 1);
  }

  function linkOf(settings: Partial<AgentLink> = {}): AgentLink {
    const [link] = agentConfig.parse({
      links: [{ name: 'lane', interface: 'v0', netns, ...settings }],
    }).links;
    if (link === undefined) throw new Error('no link');
    return link;
  }

  function chainOf(links: AgentLink[]) {
    const kernel = new RealKernel({ links, capabilities: [], onFault: () => {} });
    kernels.push(kernel);
    return openChain({ kernel, links });
  }

  async function control(settings: Partial<AgentLink>, store = new MemoryStore()) {
    return LimitControl.open({
      chain: chainOf([linkOf(settings)]),
      store,
      clock: new VirtualClock(),
      bounds: { limitBytesMin: 3_028, limitBytesMax: 67_108_864 },
      onRestored: (one) => restored.push(one),
    });
  }

  /** Buffers of the accepting ends, and which of them are fixed. */
  function buffers() {
    return connectionsOfPort(port, netns).map((inode) => {
      using socket = BorrowedSocket.find(inode, [peers.pid ?? 0]);
      return socket?.read();
    });
  }

  function queueLimit(): number | undefined {
    using table = QdiscTable.open({ netns });
    return table.dump().find((one) => one.interface === 'v0')?.limitBytes;
  }

  realKernelLab.it('a link falls from queue to connections to parameter to nothing', async () => {
    const all = linkOf({ socket_port: port, sysctl: 'net.ipv4.tcp_rmem' });
    const look = () => {
      const [outcome] = chainOf([all]).find();
      return [outcome?.actuation?.kind, outcome?.actuation?.label, outcome?.unavailable] as const;
    };
    const [, , why] = look();
    expect(look()[0]).toBe('sysctl');
    expect(why?.map(({ kind }) => kind)).toEqual(['qdisc', 'socket-buffers']);
    expect(why?.[0]?.reason).toMatch(/noqueue keeps no queue/);
    expect(why?.[1]?.reason).toMatch(/has no connection now/);
    await connectOnce();
    const connections = `1 connection(s) of port ${port}, both`;
    expect(look().slice(0, 2)).toEqual(['socket-buffers', connections]);
    addQueue();
    expect(look()).toEqual(['qdisc', 'tbf 1: of v0', []]);
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    const [bare] = chainOf([linkOf()]).find();
    expect(bare?.actuation?.kind).toBe('simulated');
    expect(bare?.unavailable.map(({ reason }) => reason).slice(1)).toEqual([
      'no `socket_port` is configured for this link',
      'no `sysctl` is configured for this link',
      'no BPF programs are loaded; `levitate check` says what they need',
    ]);
  });

  realKernelLab.it(
    'connections are changed, new ones at the next change, and autotuned again',
    async () => {
      await connectOnce();
      const [before] = buffers();
      const one = await control({ actuators: ['socket-buffers'], socket_port: port });
      await one.acquire({ ...claim, ttlMs });
      expect(await one.setLimit({ ...claim, limitBytes: 500_000 })).toMatchObject({
        limitBytes: 500_000,
      });
      const changed = { sendBytes: 1_000_000, receiveBytes: 1_000_000, lock: 3 };
      expect(buffers()).toEqual([changed]);
      await connectOnce();
      await one.setLimit({ ...claim, limitBytes: 500_000 });
      expect(buffers()).toEqual([changed, changed]);
      peers.send('close');
      await expect.poll(() => buffers().length, { timeout: 20_000 }).toBe(1);
      await one.setLimit({ ...claim, limitBytes: 600_000 });
      expect(buffers()).toMatchObject([{ sendBytes: 1_200_000, lock: 3 }]);
      await one.release(claim);
      expect(buffers()).toEqual([before]);
      expect(restored.map(({ outcome }) => outcome).sort()).toEqual(['gone', 'restored']);
    },
  );

  realKernelLab.it('a parameter of the namespace is changed and put back', async () => {
    const before = readSysctl('net.ipv4.tcp_rmem', netns);
    const one = await control({ actuators: ['sysctl'], sysctl: 'net.ipv4.tcp_rmem' });
    await one.acquire({ ...claim, ttlMs });
    await one.setLimit({ ...claim, limitBytes: 9_000_000 });
    expect(readSysctl('net.ipv4.tcp_rmem', netns)).toMatch(/\t9000000$/);
    expect(one.hiddenLimit('lane')).toBe(9_000_000);
    await expect(one.setLimit({ ...claim, limitBytes: 4_000 })).rejects.toMatchObject({
      code: 'LIMIT_OUT_OF_BOUNDS',
    });
    await one.stop();
    expect(readSysctl('net.ipv4.tcp_rmem', netns)).toBe(before);
  });

  realKernelLab.it('a parameter that is read-only falls to the next, with the reason', () => {
    const link = linkOf({ actuators: ['sysctl'], sysctl: 'net.core.wmem_max' });
    const [outcome] = chainOf([link]).find();
    expect(outcome?.actuation?.kind).toBe('simulated');
    expect(outcome?.unavailable[0]?.reason).toMatch(/EACCES.*the host, not a namespace, may own/);
  });

  realKernelLab.it(
    'an interface that goes and comes back while its original is written',
    async () => {
      addQueue();
      const store = new MemoryStore();
      const one = await control({}, store);
      await one.acquire({ ...claim, ttlMs });
      const { writeDurably } = store;
      store.writeDurably = async (name, text) => {
        store.writeDurably = writeDurably;
        ip('link', 'del', 'v0');
        addInterface();
        addQueue('100mbit', '70000');
        await writeDurably.call(store, name, text);
      };
      const change = { ...claim, limitBytes: 500_000 };
      await expect(one.setLimit(change)).rejects.toMatchObject({ code: 'LINK_GONE' });
      expect(queueLimit()).toBe(70_000);
      await one.setLimit(change);
      expect(queueLimit()).toBe(500_000);
      await one.release(claim);
      expect(queueLimit()).toBe(70_000);
      expect(restored.map(({ outcome }) => outcome)).toEqual(['gone', 'restored']);
    },
  );

  realKernelLab.it(
    'a qdisc that someone puts in between is neither changed nor restored',
    async () => {
      addQueue();
      const store = new MemoryStore();
      const one = await control({ actuators: ['qdisc'] }, store);
      await one.acquire({ ...claim, ttlMs });
      const { writeDurably } = store;
      store.writeDurably = async (name, text) => {
        store.writeDurably = writeDurably;
        tc('qdisc', 'del', 'dev', 'v0', 'root');
        addQueue('50mbit', '80000');
        await writeDurably.call(store, name, text);
      };
      await expect(one.setLimit({ ...claim, limitBytes: 500_000 })).rejects.toMatchObject({
        code: 'QUEUE_CHANGED',
      });
      expect(queueLimit()).toBe(80_000);
      await one.release(claim);
      expect(queueLimit()).toBe(80_000);
      expect(restored.map(({ outcome }) => outcome)).toEqual(['foreign']);
    },
  );

  realKernelLab.it('a queue replaced under a lease is found anew at the next change', async () => {
    addQueue();
    const one = await control({});
    await one.acquire({ ...claim, ttlMs });
    await one.setLimit({ ...claim, limitBytes: 500_000 });
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    addQueue('50mbit', '80000');
    await one.setLimit({ ...claim, limitBytes: 600_000 });
    expect(queueLimit()).toBe(600_000);
    await one.stop();
    expect(queueLimit()).toBe(80_000);
    expect(restored.map(({ outcome }) => outcome)).toEqual(['foreign', 'restored']);
  });

  realKernelLab.it('under a lease a link does not fall to another actuator', async () => {
    addQueue();
    const one = await control({ sysctl: 'net.ipv4.tcp_rmem' });
    await one.acquire({ ...claim, ttlMs });
    await one.setLimit({ ...claim, limitBytes: 500_000 });
    tc('qdisc', 'del', 'dev', 'v0', 'root');
    const before = readSysctl('net.ipv4.tcp_rmem', netns);
    await expect(one.setLimit({ ...claim, limitBytes: 600_000 })).rejects.toMatchObject({
      code: 'NOT_CONTROLLABLE',
    });
    expect(readSysctl('net.ipv4.tcp_rmem', netns)).toBe(before);
    expect(one.lookAll()[0]).toMatchObject({ actuation: undefined, isAbsent: false });
    await one.release(claim);
    expect(one.lookAll()[0]?.actuation?.kind).toBe('sysctl');
  });
});
