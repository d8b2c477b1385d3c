import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { contracts } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';
import { createNamespace, deleteNamespace, QdiscTable } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const netns = `lev-t${process.pid}-crash`;
const ORIGINAL = 60_000;
const RAISED = 800_000;
const PORTS = ['--listen', '127.0.0.1:0', '--ops-listen', '127.0.0.1:0'];
const claim = { link: 'lane', holder: 'controller', fencingToken: 1 };

realKernelLab.describe('a real queue, and an agent that ends in every way there is', () => {
  let folder: string;
  let started: ChildProcess[];

  beforeEach(async () => {
    started = [];
    folder = await mkdtemp(join(tmpdir(), 'levitate-crash-'));
    deleteNamespace(netns);
    createNamespace(netns);
    const ip = (...args: string[]) => execFileSync('ip', ['-n', netns, ...args]);
    ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('link', 'set', 'v0', 'up');
    addTbf('100mbit');
    const links = [{ name: 'lane', interface: 'v0', netns }];
    // Limits are meant here; what becomes of the programs has tests of its own.
    const config = { kernel: 'real', links, ebpf: 'off', lock_directory: join(folder, 'locks') };
    await writeFile(join(folder, 'agent.yaml'), JSON.stringify(config));
  });
  afterEach(async () => {
    for (const child of started) child.kill('SIGKILL');
    await expect.poll(() => supervisors(folder), { timeout: 20_000 }).toEqual([]);
    deleteNamespace(netns);
    await rm(folder, { recursive: true });
  });

  const arguments_ = (state = folder) => {
    return ['--config', join(folder, 'agent.yaml'), '--state-directory', state];
  };

  async function startAgent(state = folder) {
    const child = spawn(process.execPath, [MAIN, ...arguments_(state), ...PORTS], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.push(child);
    const [message] = (await once(child, 'message')) as [{ listen: string; ops_listen: string }];
    const client = connect(contracts.ebpfAgent, { address: message.listen });
    return { child, client, pid: child.pid ?? 0, readyz: `http://${message.ops_listen}/readyz` };
  }

  async function raised() {
    const agent = await startAgent();
    await agent.client.acquireLease({ ...claim, ttlMs: 60_000 });
    await agent.client.setQueueLimit({ ...claim, limitBytes: RAISED });
    expect(limit()).toBe(RAISED);
    return agent;
  }

  realKernelLab.it('kill -9 of the agent: the supervisor puts the limit back at once', async () => {
    const { child, client } = await raised();
    child.kill('SIGKILL');
    await expect.poll(limit, { timeout: 20_000 }).toBe(ORIGINAL);
    await expect.poll(() => supervisors(folder), { timeout: 20_000 }).toEqual([]);
    expect(recorded(folder)).toEqual([]);
    client.close();
  });

  realKernelLab.it(
    'SIGTERM to both: the agent puts the limit back itself and leaves no process',
    async () => {
      const { child, client } = await raised();
      const exited = once(child, 'exit');
      for (const pid of supervisors(folder)) process.kill(pid, 'SIGTERM');
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      expect(limit()).toBe(ORIGINAL);
      expect(recorded(folder)).toEqual([]);
      expect(supervisors(folder)).toEqual([]);
      expect(existsSync(join(folder, 'ebpf-agent', 'lock'))).toBe(false);
      client.close();
    },
  );

  realKernelLab.it(
    'a supervisor that dies is replaced, and the new one does its work',
    async () => {
      const { child, client, readyz } = await raised();
      const [first = 0] = supervisors(folder);
      process.kill(first, 'SIGKILL');
      await expect
        .poll(() => supervisors(folder).filter((pid) => pid !== first).length, { timeout: 20_000 })
        .toBe(1);
      // Ready again: the new one was heard. Before, a crash is the next start's to repair.
      await expect.poll(async () => (await fetch(readyz)).status, { timeout: 20_000 }).toBe(200);
      expect(limit()).toBe(RAISED);
      child.kill('SIGKILL');
      await expect.poll(limit, { timeout: 20_000 }).toBe(ORIGINAL);
      client.close();
    },
  );

  realKernelLab.it(
    'kill -9 of both: the next start puts the limit back before it serves',
    async () => {
      const { child, client, pid } = await raised();
      await killBoth(child, pid);
      expect(limit()).toBe(RAISED);
      client.close();
      const again = await startAgent();
      expect(limit()).toBe(ORIGINAL);
      expect(recorded(folder)).toEqual([]);
      const { links } = await again.client.listLinks({});
      expect(links[0]).toMatchObject({
        ...{ limitBytes: ORIGINAL, leaseHolder: '', fencingToken: 1 },
        ...{ actuator: 'ACTUATOR_KIND_QDISC', actuatorTarget: 'tbf 1: of v0' },
      });
      again.client.close();
    },
  );

  realKernelLab.it('kill -9 of both: --restore-all does it without any service', async () => {
    const { child, client, pid } = await raised();
    client.close();
    const restoreAll = () =>
      execFileSync(process.execPath, [MAIN, '--restore-all', ...arguments_()], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(restoreAll).toThrow(/the agent runs/);
    await killBoth(child, pid);
    expect(JSON.parse(restoreAll()).restored).toEqual([
      { link: 'lane', actuator: 'qdisc', limitBytes: ORIGINAL, outcome: 'restored' },
    ]);
    expect(limit()).toBe(ORIGINAL);
    expect(JSON.parse(restoreAll()).restored).toEqual([]);
  });

  realKernelLab.it('a queue that someone replaced meanwhile is left alone', async () => {
    const { child, client, pid } = await raised();
    client.close();
    await killBoth(child, pid);
    execFileSync('tc', ['-n', netns, 'qdisc', 'del', 'dev', 'v0', 'root']);
    addTbf('50mbit', RAISED);
    const again = await startAgent();
    expect(limit()).toBe(RAISED);
    expect(recorded(folder)).toEqual([]);
    again.client.close();
  });

  realKernelLab.it('a second agent is refused with the name of the first', async () => {
    const { child, client } = await startAgent();
    const second = await mkdtemp(join(tmpdir(), 'levitate-crash-'));
    const other = spawn(process.execPath, [MAIN, ...arguments_(second), ...PORTS], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(other);
    const said = Promise.all([text(other.stdout), text(other.stderr)]);
    expect(await once(other, 'exit')).toEqual([1, null]);
    expect((await said).join('')).toContain(`process ${child.pid}, state in ${folder}`);
    client.close();
    await rm(second, { recursive: true });
  });

  realKernelLab.it('a next start with another state directory restores all the same', async () => {
    const { child, client, pid } = await raised();
    client.close();
    await killBoth(child, pid);
    const second = await mkdtemp(join(tmpdir(), 'levitate-crash-'));
    const again = await startAgent(second);
    expect(limit()).toBe(ORIGINAL);
    expect(recorded(folder)).toEqual([]);
    again.client.close();
    const exited = once(again.child, 'exit');
    again.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await rm(second, { recursive: true });
  });

  async function killBoth(agent: ChildProcess, pid: number): Promise<void> {
    // Stopped first, so that neither sees the other die.
    const both = [pid, ...supervisors(folder)];
    for (const one of both) process.kill(one, 'SIGSTOP');
    const exited = once(agent, 'exit');
    for (const one of both) process.kill(one, 'SIGKILL');
    await exited;
    await expect.poll(() => supervisors(folder), { timeout: 20_000 }).toEqual([]);
  }
});

function addTbf(rate: string, limitBytes = ORIGINAL): void {
  const shape = ['tbf', 'rate', rate, 'burst', '16k', 'limit', String(limitBytes)];
  const where = ['-n', netns, 'qdisc', 'add', 'dev', 'v0', 'root', 'handle', '1:'];
  execFileSync('tc', [...where, ...shape]);
}

function limit(): number | undefined {
  using table = QdiscTable.open({ netns });
  return table.dump().find((one) => one.interface === 'v0')?.limitBytes;
}

function recorded(folder: string): unknown {
  const path = join(folder, 'ebpf-agent', 'originals.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).originals : [];
}

/** Supervisors of this test's agents, by the state directory on their command line. */
function supervisors(folder: string): number[] {
  const all = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' });
  return all
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found?.[3]?.includes('supervisor.ts') && found[3].includes(folder))
    .filter((found) => !found?.[2]?.startsWith('Z'))
    .map((found) => Number(found?.[1]));
}
