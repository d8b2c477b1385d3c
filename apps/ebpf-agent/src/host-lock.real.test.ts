import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { HostLock } from './host-lock.ts';

const [here, there] = [`lev-t${process.pid}-here`, `lev-t${process.pid}-there`];

realKernelLab.describe('one agent for the links of a namespace', () => {
  let directory: string;
  const held: HostLock[] = [];
  const take = (name: string, namespaces: (string | undefined)[]) => {
    const holder = { name, pid: 4_711, stateDirectory: `state of ${name}` };
    const lock = HostLock.take({ directory, namespaces, holder });
    held.push(lock);
    return lock;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'levitate-host-lock-'));
    for (const netns of [here, there]) {
      deleteNamespace(netns);
      createNamespace(netns);
    }
  });
  afterEach(async () => {
    for (const lock of held.splice(0)) lock.release();
    for (const netns of [here, there]) deleteNamespace(netns);
    await rm(directory, { recursive: true });
  });

  realKernelLab.it('the second is refused with the name, process and state of the first', () => {
    take('127.0.0.1:7414', [here, there]);
    expect(() => take('another', [there])).toThrow(
      expect.objectContaining({
        code: 'HOST_LOCKED',
        message: expect.stringMatching(
          /held by the agent 127\.0\.0\.1:7414 \(process 4711, state in state of 127/,
        ),
        metadata: { holder: '127.0.0.1:7414', pid: '4711' },
      }),
    );
  });

  realKernelLab.it('another name of the same namespace does not help', () => {
    take('first', [here]);
    expect(() => take('second', [`/run/netns/${here}`])).toThrow(/held by the agent first/);
  });

  realKernelLab.it('a namespace that is made anew stays with its agent', () => {
    take('first', [here]);
    deleteNamespace(here);
    createNamespace(here);
    expect(() => take('second', [here])).toThrow(/held by the agent first/);
  });

  realKernelLab.it('agents of different namespaces do not meet, and leave nothing', async () => {
    const [first, second] = [take('first', [here]), take('second', [there, undefined])];
    expect(first.crashed).toEqual([]);
    expect(second.crashed).toEqual([]);
    for (const lock of held.splice(0)) lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  realKernelLab.it('one that is refused lets go of what it had taken', () => {
    take('first', [there]);
    expect(() => take('second', [here, there])).toThrow(/held by/);
    take('third', [here]);
  });
});
