import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteResources } from './remote-resources.ts';

const serverProgram = fileURLToPath(new URL('./testing/server-process.ts', import.meta.url));
const clientProgram = fileURLToPath(new URL('./testing/client-process.ts', import.meta.url));
const patiently = { timeout: 60_000, interval: 20 };
const claim = { name: 'kept', holder: 'test', fencingToken: 1 };

let folder = '';
const children = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'levitate-served-'));
  writeFileSync(join(folder, 'size'), '8');
});
afterEach(async () => {
  for (const child of children) await kill(child);
  await rm(folder, { recursive: true });
});

const size = () => Number(readFileSync(join(folder, 'size'), 'utf8'));
const noted = () => readdirSync(join(folder, 'state')).includes('original-kept');

async function start(program: string, ...words: string[]) {
  const child = fork(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.add(child);
  const [said] = (await once(child, 'message')) as [string];
  return { child, said };
}

const startServer = (listen = '127.0.0.1:0', dies = '') =>
  start(serverProgram, folder, listen, dies);

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  const exited = once(child, 'exit');
  if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await exited;
}

describe('a killed client', () => {
  it('leaves the resource to its server, which puts the original back', async () => {
    const server = await startServer();
    const client = await start(clientProgram, server.said, '1000');
    await expect.poll(size, patiently).toBeGreaterThan(20);
    expect(noted()).toBe(true);
    await kill(client.child);
    expect(size()).toBeGreaterThan(20);
    await expect.poll(size, patiently).toBe(8);
    await expect.poll(noted, patiently).toBe(false);
    // The next one finds the lease free, and the same original.
    await start(clientProgram, server.said, '1000');
    await expect.poll(size, patiently).toBeGreaterThan(20);
  });
});

describe('a killed server', () => {
  it('is gone on with by its client when it is back in time', async () => {
    const first = await startServer();
    await start(clientProgram, first.said, '10000');
    await expect.poll(size, patiently).toBeGreaterThan(20);
    await kill(first.child);
    // The time of the lease begins anew with the server, however long that was away.
    const { said } = await startServer(first.said);
    const remote = new RemoteResources({ address: said, deadlineMs: 30_000 });
    try {
      let shortest = Number.POSITIVE_INFINITY;
      const renewed = async () => {
        const { remainingMs } = await remote.facts('kept');
        shortest = Math.min(shortest, remainingMs);
        return remainingMs - shortest;
      };
      await expect.poll(renewed, patiently).toBeGreaterThan(0);
      expect((await remote.facts('kept')).leaseHolder).toBe('client');
      expect(size()).toBeGreaterThan(20);
      expect(noted()).toBe(true);
    } finally {
      remote.close();
    }
  });

  it.each(['before', 'after'] as const)(
    'between the record and the end of a change (%s it) puts back when it starts again',
    async (moment) => {
      const { child, said } = await startServer('127.0.0.1:0', moment);
      const remote = new RemoteResources({ address: said, deadlineMs: 30_000 });
      try {
        await remote.calls.acquireLease({ ...claim, ttlMs: 500 });
        const died = once(child, 'exit');
        const change = remote.calls.apply({ ...claim, size: 20 });
        await expect(change).rejects.toMatchObject({ code: 'UNAVAILABLE' });
        expect(await died).toEqual([null, 'SIGKILL']);
      } finally {
        remote.close();
      }
      expect(size()).toBe(moment === 'before' ? 8 : 20);
      expect(noted()).toBe(true);
      await startServer();
      await expect.poll(size, patiently).toBe(8);
      await expect.poll(noted, patiently).toBe(false);
    },
  );
});
