import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VirtualClock } from '@levitate/clock';
import { contracts } from '@levitate/contracts';
import {
  linkSeries,
  MemoryFeatureWindows,
  pathSeries,
  sampleFromProto,
  windowRpcs,
} from '@levitate/feature-windows';
import { connect, serve, startGrpcServer } from '@levitate/grpc-kit';
import { createNamespace, deleteNamespace, QdiscTable } from '@levitate/kernel';
import type { Sample } from '@levitate/series';
import { Readiness, systemClock } from '@levitate/service-kit';
import { realKernelLab } from '@levitate/testing';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect } from 'vitest';
import { fsuControllerConfig } from './config.ts';
import { startController } from './start-controller.ts';
import type { TargetConfig } from './target-config.ts';

const agentMain = fileURLToPath(new URL('../../ebpf-agent/src/main.ts', import.meta.url));
const hosts = Array.from({ length: 10 }, (_, index) => `h${index}`);
const originalBytes = 60_000;
/** Where the envelope puts every limit that it may: its minimum. */
const enforcedBytes = 524_288;
const dayMs = 86_400_000;
/** The first look at the clock only begins to count. */
const slackMs = 10_000;
const patient = { timeout: 120_000, interval: 200 };
const namespaceOf = (host: string) => `lev-t${process.pid}-${host}`;

/** Limit of a host's queue, from the kernel. */
function limitOf(host: string): number | undefined {
  using table = QdiscTable.open({ netns: namespaceOf(host) });
  return table.dump().find((one) => one.interface === 'v0')?.limitBytes;
}

const enforced = () => hosts.filter((host) => limitOf(host) !== originalBytes);

/** What an agent measures, where the controller looks for it. */
async function pump(
  address: string,
  windows: Pick<MemoryFeatureWindows<Sample>, 'append'>,
  signal: AbortSignal,
): Promise<void> {
  const agent = connect(contracts.ebpfAgent, { address });
  try {
    for await (const { samples } of agent.streamSamples({}, { signal })) {
      await windows.append(samples.map((sample) => sampleFromProto(sample)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    agent.close();
  }
}

realKernelLab.describe('a roll-out over ten agents with real queues', () => {
  let folder: string;
  const agents: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'levitate-canary-'));
    for (const host of hosts) {
      const netns = namespaceOf(host);
      createNamespace(netns);
      const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args]);
      ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
      ip('link', 'set', 'v0', 'up');
      const tbf = `tbf rate 100mbit burst 16k limit ${originalBytes}`;
      execFileSync('tc', ['-n', netns, ...`qdisc add dev v0 root handle 1: ${tbf}`.split(' ')]);
    }
  });

  afterAll(async () => {
    for (const agent of agents) agent.kill('SIGTERM');
    await Promise.all(agents.map((agent) => agent.exitCode ?? once(agent, 'exit')));
    for (const host of hosts) deleteNamespace(namespaceOf(host));
    await rm(folder, { recursive: true });
  });

  async function startAgent(host: string): Promise<string> {
    const links = [{ name: host, interface: 'v0', netns: namespaceOf(host) }];
    const state = join(folder, host);
    const config = { kernel: 'real', links, ebpf: 'off', lock_directory: join(folder, 'locks') };
    const file = `${state}.yaml`;
    await writeFile(file, JSON.stringify(config));
    const ports = ['--listen', '127.0.0.1:0', '--ops-listen', '127.0.0.1:0'];
    const args = [agentMain, '--config', file, '--state-directory', state, ...ports];
    const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
    const agent = spawn(process.execPath, args, { stdio: [...stdio] });
    agents.push(agent);
    const [message] = (await once(agent, 'message')) as [{ listen: string }];
    return message.listen;
  }

  realKernelLab.it(
    'takes one host, half and all of them after a day each, and puts all back when they do worse',
    async () => {
      const addresses = await Promise.all(hosts.map(startAgent));
      const windows = new MemoryFeatureWindows({ kind: linkSeries, clock: systemClock });
      const paths = new MemoryFeatureWindows({ kind: pathSeries, clock: systemClock });
      const telemetry = await startGrpcServer({
        listen: '127.0.0.1:0',
        services: [serve(contracts.telemetry, windowRpcs({ links: windows, paths }))],
      });
      const stopping = new AbortController();
      const pumps = addresses.map((address) => pump(address, windows, stopping.signal));
      const config = fsuControllerConfig.parse({
        listen: '127.0.0.1:0',
        state_directory: join(folder, 'controller'),
        telemetry_address: telemetry.address,
        predictor_address: '127.0.0.1:9',
        targets: hosts.map((host, index) => ({
          ...{ name: host, agent: addresses[index], host, canary: true },
          ...{ mode: 'enforce', predictive: false },
        })),
      });
      const soakClock = new VirtualClock();
      const silent = { info() {}, warn() {}, error() {} } as never;
      const controller = await startController(
        {
          ...{ config, logger: silent, registry: new Registry(), clock: systemClock },
          ...{ readiness: new Readiness(), signal: new AbortController().signal },
        },
        { soakClock },
      );
      const { canary } = controller;
      const client = connect(contracts.fsuController, { address: controller.grpcServer.address });
      /** A day in which every host tells the same of its traffic, but for those that enforce. */
      const pass = (ms: number, dropShareWhereEnforced: number) => {
        for (let passedMs = 0; passedMs < ms; passedMs += 5_000) {
          soakClock.advance(5_000);
          for (const target of config.targets as TargetConfig[]) {
            const share = canary.enforces(target) ? dropShareWhereEnforced : 0;
            canary.observe(target, { arrivedBytes: 1e6, droppedBytes: 1e6 * share, delayMs: 5 });
          }
          canary.step();
        }
      };
      try {
        await client.startCanary({});
        await expect.poll(enforced, patient).toEqual(hosts.slice(0, 1));
        expect(limitOf('h0')).toBe(enforcedBytes);
        pass(dayMs + slackMs, 0);
        // One host is 10 % of ten already: half of them come next.
        await expect.poll(enforced, patient).toEqual(hosts.slice(0, 5));
        pass(dayMs + slackMs, 0);
        await expect.poll(enforced, patient).toEqual(hosts);
        pass(3_600_000, 0.01);
        const { canaries } = await client.getCanary({});
        expect(canaries[0]).toMatchObject({ phase: 'CANARY_PHASE_ROLLED_BACK', hosts: 10 });
        const worse = /drops: [01]\.\d{3} % where enforced, 0\.000 % elsewhere/;
        expect(canaries[0]?.reason).toMatch(worse);
        await expect.poll(enforced, patient).toEqual([]);
      } finally {
        client.close();
        await controller.drain(1_000);
        stopping.abort();
        await Promise.all(pumps);
        await telemetry.drain(0);
      }
    },
    400_000,
  );
});
