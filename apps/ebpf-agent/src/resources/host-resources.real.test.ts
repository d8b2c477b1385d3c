import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Jcmd } from '@levitate/resource-adapters/jvm';
import { type CompiledLoad, compileLoad, LoadJvm } from '@levitate/resource-adapters/jvm/lab';
import { RemoteResource, RemoteResources } from '@levitate/resource-sdk/grpc';
import { realJvm } from '@levitate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { supervisorsOf } from '../testing/crash-lab.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const mib = 2 ** 20;
const none = new AbortController().signal;
const patiently = { timeout: 60_000, interval: 50 };

realJvm.describe('a JVM of the host, served by its agent', () => {
  let compiled: CompiledLoad;
  let jvm: LoadJvm;
  let folder = '';
  let agent: ChildProcess;
  let server: RemoteResources;

  beforeAll(async () => {
    compiled = await compileLoad();
    jvm = await LoadJvm.start(compiled, ['-XX:+UseZGC', '-Xms32m', '-Xmx512m'], 'host-resources');
  });
  afterAll(async () => {
    await jvm.stop();
    await compiled[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'levitate-host-resources-'));
    await startAgent();
  });
  afterEach(async () => {
    server.close();
    for (const pid of supervisorsOf(folder)) process.kill(pid, 'SIGKILL');
    await killAgent();
    await rm(folder, { recursive: true });
  });

  const heap = { name: 'shop', kind: 'jvm', min_bytes: 64 * mib, max_bytes: 512 * mib };

  async function startAgent(resources: object[] = [{ ...heap, pid: jvm.pid }]): Promise<void> {
    const config = join(folder, 'agent.yaml');
    writeFileSync(config, JSON.stringify({ kernel: 'simulated', resources, log_level: 'error' }));
    const ports = ['--listen', '127.0.0.1:0', '--ops-listen', '127.0.0.1:0'];
    agent = fork(main, ['--config', config, '--state-directory', folder, ...ports]);
    const [{ listen }] = (await once(agent, 'message')) as [{ listen: string }];
    server = new RemoteResources({ address: listen, deadlineMs: 10_000 });
  }

  async function killAgent(): Promise<void> {
    const exited = once(agent, 'exit');
    if (agent.exitCode === null && agent.signalCode === null && agent.kill('SIGKILL')) await exited;
  }

  /** As the JVM itself says, 0 where nobody has set one. */
  async function ceilingMib(): Promise<number> {
    const { flags } = await new Jcmd({ jvm: jvm.pid, deadlineMs: 10_000 }).read(none);
    return (flags.SoftMaxHeapSize ?? Number.NaN) / mib;
  }

  /** Ruled by a client that is gone, whose lease is not. */
  async function changed(): Promise<void> {
    const claim = { name: 'shop', holder: 'test', fencingToken: 1 };
    await server.calls.acquireLease({ ...claim, ttlMs: 60_000 });
    await server.calls.apply({ ...claim, size: 256 * mib });
    expect(await ceilingMib()).toBe(256);
  }

  it('is measured, changed under a lease and put back over the network', async () => {
    const before = await ceilingMib();
    const shop = await RemoteResource.open({ server, name: 'shop', holder: 'controller-1' });
    expect((await server.facts('shop')).kind).toBe('RESOURCE_KIND_MEMORY');
    const { need, instance } = await shop.measure(none);
    expect(need).toBeGreaterThan(0);
    expect(instance).toContain(`${jvm.pid}`);
    expect(shop.metrics()).toHaveProperty('committedBytes');
    await expect.poll(() => shop.held(), patiently).toBeUndefined();
    await shop.apply(256 * mib, none);
    expect(await ceilingMib()).toBe(256);
    expect((await shop.measure(none)).size).toBe(256 * mib);
    await shop.close();
    expect(await ceilingMib()).toBe(before);
  });

  it('is put back at once by the supervisor when the agent is killed', async () => {
    const before = await ceilingMib();
    await changed();
    await killAgent();
    await expect.poll(ceilingMib, patiently).toBe(before);
    await expect.poll(() => supervisorsOf(folder), patiently).toEqual([]);
    expect(readdirSync(join(folder, 'ebpf-agent'))).not.toContain('original-shop');
  });

  it('is put back by the next agent when both are killed, though served no more', async () => {
    const before = await ceilingMib();
    await changed();
    for (const pid of supervisorsOf(folder)) process.kill(pid, 'SIGKILL');
    await killAgent();
    expect(await ceilingMib()).toBe(256);
    server.close();
    await startAgent([]);
    expect(await ceilingMib()).toBe(before);
  });
});
