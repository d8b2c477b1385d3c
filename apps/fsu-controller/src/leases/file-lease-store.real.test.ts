import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireReal } from '@levitate/testing';
import { afterEach, beforeEach, expect, onTestFinished } from 'vitest';
import { leaseStoreRules } from './conformance/lease-store-rules.ts';
import { FileLeaseStore } from './file-lease-store.ts';

const linux = requireReal('Linux', () =>
  process.platform === 'linux' ? true : `this is ${process.platform}, flock is of Linux`,
);
const moduleUrl = new URL('./file-lease-store.ts', import.meta.url).href;
const wish = { target: 'pool', ttlMs: 60_000 };

let directory: string;
let hostMs: number;
let first: FileLeaseStore;
let second: FileLeaseStore;
const opened: FileLeaseStore[] = [];

async function open(options: { hostMs?: () => number } = {}): Promise<FileLeaseStore> {
  const store = await FileLeaseStore.open({ directory, ...options });
  opened.push(store);
  return store;
}

linux.describe('leases in files', () => {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'levitate-leases-'));
    hostMs = 5_000;
    first = await open({ hostMs: () => hostMs });
    second = await open({ hostMs: () => hostMs });
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    await rm(directory, { recursive: true });
  });

  leaseStoreRules(() => ({
    first,
    second,
    pass: async (ms) => {
      hostMs += ms;
    },
  }));

  linux.it(
    'a lease of a process that was killed is free at once, with a higher token',
    async () => {
      const { child, said } = await startHolder(`
      const outcome = await store.acquire({ target: 'pool', holder: 'child', ttlMs: 60_000 });
      const claim = { target: 'pool', holder: 'child', token: outcome.token };
      await store.originals('pool', () => claim).write('pool', { size: 20, snapshot: 'max_db 7' });
      process.send(outcome);`);
      expect(said).toEqual({ kind: 'granted', token: 1 });
      const store = await FileLeaseStore.open({ directory });
      onTestFinished(() => store.close());
      expect(await store.acquire({ ...wish, holder: 'b' })).toMatchObject({ by: 'child' });
      await kill(child);
      expect(await store.acquire({ ...wish, holder: 'b' })).toEqual({ kind: 'granted', token: 2 });
      const original = await store.originals('pool', () => undefined).read('pool');
      expect(original).toEqual({ size: 20, snapshot: 'max_db 7' });
      const left = await readdir(directory);
      expect(left.filter((name) => name.startsWith('process-'))).toHaveLength(3);
    },
  );

  linux.it('a lease of a process that hangs lapses, and it is told when it goes on', async () => {
    const { child } = await startHolder(`
      const outcome = await store.acquire({ target: 'pool', holder: 'child', ttlMs: 300 });
      process.on('message', async () => process.send(
        await store.renew({ target: 'pool', holder: 'child', token: outcome.token, ttlMs: 300 })));
      process.send(outcome);`);
    child.kill('SIGSTOP');
    const store = await open();
    await expect
      .poll(() => store.acquire({ ...wish, holder: 'b' }), { timeout: 10_000 })
      .toEqual({ kind: 'granted', token: 2 });
    child.kill('SIGCONT');
    const answer = once(child, 'message');
    child.send('renew');
    expect((await answer)[0]).toEqual({ kind: 'lost', by: 'b' });
  });

  linux.it('of processes that race each token goes to one, and never two hold it', async () => {
    const racers = await Promise.all(
      [0, 1].map((index) =>
        startHolder(`
          const held = [];
          process.on('message', async () => {
            for (let round = 0; round < 25; round += 1) {
              const wish = { target: 'race', holder: 'h${index}', ttlMs: 60_000 };
              const outcome = await store.acquire(wish);
              if (outcome.kind !== 'granted') continue;
              const fromMs = Number(process.hrtime.bigint()) / 1e6;
              await new Promise((resolve) => setImmediate(resolve));
              const toMs = Number(process.hrtime.bigint()) / 1e6;
              held.push({ token: outcome.token, fromMs, toMs });
              await store.release({ ...wish, token: outcome.token });
            }
            process.send(held);
          });
          process.send('ready');`),
      ),
    );
    const answers = racers.map(({ child }) => {
      const answer = once(child, 'message');
      child.send('go');
      return answer;
    });
    type Span = { token: number; fromMs: number; toMs: number };
    const spans = (await Promise.all(answers)).flatMap(([held]) => held as Span[]);
    spans.sort((a, b) => a.fromMs - b.fromMs);
    expect(spans.length).toBeGreaterThan(10);
    spans.slice(1).forEach((span, index) => {
      expect(span.token).toBeGreaterThan(spans[index]?.token ?? 0);
      expect(span.fromMs).toBeGreaterThan(spans[index]?.toMs ?? 0);
    });
  });

  linux.it(
    'what lay there before a boot ends no later than the boot, its token stays',
    async () => {
      await first.acquire({ ...wish, holder: 'a' });
      const file = join(directory, 'pool.lease');
      const record = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...record, boot: 'another' }));
      expect(await second.acquire({ ...wish, holder: 'b' })).toMatchObject({ token: 2 });
      await writeFile(join(directory, 'pool.lease'), '{"token": 2, "hol');
      expect(await second.acquire({ ...wish, holder: 'c' })).toMatchObject({ token: 3 });
    },
  );

  linux.it(
    'a file that somebody spoiled, or a folder that is gone, is a store that is away',
    async () => {
      await first.acquire({ ...wish, holder: 'a' });
      await writeFile(join(directory, 'pool.token'), 'rubbish');
      const spoiled = await second.acquire({ ...wish, holder: 'b' });
      expect(spoiled).toMatchObject({ kind: 'away', why: expect.stringMatching(/holds no token/) });
      await writeFile(join(directory, 'pool.token'), '1');
      await writeFile(join(directory, 'pool.originals'), 'rubbish');
      const original = second.originals('pool', () => undefined).read('pool');
      await expect(original).rejects.toMatchObject({ code: 'store-away' });
      await expect(original).rejects.toThrow(/holds no originals; put right by hand/);
      await writeFile(join(directory, 'file'), '');
      const refused = FileLeaseStore.open({ directory: join(directory, 'file') });
      await expect(refused).rejects.toMatchObject({ code: 'misconfigured' });
    },
  );
});

/** A process with a store of its own, and what it says first. */
async function startHolder(script: string): Promise<{ child: ChildProcess; said: unknown }> {
  const code = `
    const { FileLeaseStore } = await import(${JSON.stringify(moduleUrl)});
    const store = await FileLeaseStore.open({ directory: ${JSON.stringify(directory)} });
    setInterval(() => {}, 1_000);
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => kill(child));
  const [said] = await once(child, 'message');
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
