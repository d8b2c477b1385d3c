import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';
import { WorkerPoolError } from './worker-pool-error.ts';

interface OddInput {
  kind: string;
  value?: unknown;
}

const open: WorkerPool<OddInput, unknown>[] = [];
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close();
});

function opened(options: Partial<WorkerPoolOptions> = {}) {
  const module = new URL('./testdata/odd-task.mjs', import.meta.url);
  const pool = new WorkerPool<OddInput, unknown>({ module, size: 2, ...options });
  open.push(pool);
  return pool;
}

/** A task that stays at work until it is told. */
function heldTask(pool: WorkerPool<OddInput, unknown>, signal?: AbortSignal) {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const done = pool.run({ kind: 'waits for word', value: word }, signal);
  const release = () => {
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
  };
  return { done, release };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'done',
    (error: unknown) => (error instanceof WorkerPoolError ? error.code : String(error)),
  );

describe('WorkerPool', () => {
  it('does tasks on so many threads as it has workers, and the others wait', async () => {
    const pool = opened();
    const tasks = [heldTask(pool), heldTask(pool), heldTask(pool)];
    await until(() => pool.state.busy === 2);
    expect(pool.state).toMatchObject({ workers: 2, busy: 2, queued: 1 });
    for (const { release } of tasks) release();
    expect(await Promise.all(tasks.map(({ done }) => done))).toEqual(Array(3).fill('was told'));
  });

  it('starts more when it grows, and they take what waits', async () => {
    const pool = opened({ size: 1 });
    const tasks = [heldTask(pool), heldTask(pool), heldTask(pool)];
    pool.resize(3);
    expect(pool.size).toBe(3);
    await until(() => pool.state.busy === 3);
    for (const { release, done } of tasks) {
      release();
      await done;
    }
  });

  it('starts no more at once than there are cores, and all of them in the end', async () => {
    const cores = availableParallelism();
    const pool = opened({ size: cores + 3 });
    expect(pool.state).toMatchObject({ workers: cores, starting: cores + 3, busy: 0 });
    await until(() => pool.state.workers === cores + 3);
    expect(pool.state.starting).toBeLessThanOrEqual(cores);
    pool.resize(cores + 1);
    await until(() => pool.state.starting === 0);
    expect(pool.state).toMatchObject({ workers: cores + 1, crashes: 0 });
  });

  it('lets busy workers finish when it shrinks, and ends idle ones at once', async () => {
    const pool = opened({ size: 4 });
    const tasks = [heldTask(pool), heldTask(pool), heldTask(pool)];
    await until(() => pool.state.busy === 3 && pool.state.starting === 0);
    pool.resize(1);
    expect(pool.state).toMatchObject({ workers: 3, busy: 3 });
    const late = pool.run({ kind: 'gives back', value: 7 });
    for (const { release } of tasks) release();
    expect(await Promise.all(tasks.map(({ done }) => done))).toEqual(Array(3).fill('was told'));
    expect(await late).toBe(7);
    expect(pool.state).toMatchObject({ workers: 1, busy: 0, crashes: 0 });
  });

  it('keeps a worker that was to end when it grows again before that', async () => {
    const pool = opened();
    const tasks = [heldTask(pool), heldTask(pool)];
    await until(() => pool.state.busy === 2);
    pool.resize(1);
    pool.resize(2);
    for (const { release } of tasks) release();
    await Promise.all(tasks.map(({ done }) => done));
    expect(pool.state).toMatchObject({ workers: 2, starting: 0 });
  });

  it.each(['exits', 'fails later'])('replaces a worker whose task %s', async (kind) => {
    const pool = opened({ size: 1 });
    const crash = pool.run({ kind });
    const next = pool.run({ kind: 'gives back', value: 1 });
    expect(await codeOf(crash)).toBe('worker-crashed');
    expect(await next).toBe(1);
    expect(pool.state).toMatchObject({ workers: 1, crashes: 1 });
  });

  it.each([
    ['throws', 'RangeError: no such thing'],
    ['throws nothing', 'Error: the task threw undefined'],
    ['returns a function', 'Error: DataCloneError: () => {} could not be cloned.'],
  ])('hands on the error of a task that %s, and keeps the worker', async (kind, error) => {
    const pool = opened({ size: 1 });
    expect(await codeOf(pool.run({ kind }))).toBe(error);
    expect(pool.state).toMatchObject({ workers: 1, crashes: 0 });
  });

  it('refuses an input that cannot go to another thread, and keeps the worker', async () => {
    const pool = opened({ size: 1 });
    const refused = await codeOf(pool.run({ kind: 'gives back', value: () => {} }));
    expect(refused).toContain('could not be cloned');
    expect(await pool.run({ kind: 'gives back', value: 2 })).toBe(2);
  });

  it.each(['hangs', 'spins'])('ends the worker of a task that %s when aborted', async (kind) => {
    const pool = opened({ size: 1 });
    const deadline = new AbortController();
    const hung = pool.run({ kind }, deadline.signal);
    await until(() => pool.state.busy === 1);
    const waiting = pool.run({ kind: 'gives back', value: 3 }, deadline.signal);
    const next = pool.run({ kind: 'gives back', value: 4 });
    deadline.abort(new Error('too long'));
    expect(await codeOf(hung)).toBe('aborted');
    expect(await codeOf(waiting)).toBe('aborted');
    expect(await next).toBe(4);
    expect(await codeOf(pool.run({ kind }, deadline.signal))).toBe('aborted');
  });

  it('rejects beyond the bound of its queue', async () => {
    const pool = opened({ size: 1, queueMax: 1 });
    const held = heldTask(pool);
    await until(() => pool.state.busy === 1);
    const waits = pool.run({ kind: 'gives back', value: 5 });
    expect(await codeOf(pool.run({ kind: 'gives back' }))).toBe('queue-full');
    expect(pool.takeTally()).toMatchObject({ need: 3, rejected: 1 });
    expect(pool.takeTally()).toMatchObject({ need: 2, rejected: 0 });
    held.release();
    expect(await waits).toBe(5);
  });

  it('rejects what has waited too long', async () => {
    const pool = opened({ size: 1, waitMsMax: 5 });
    const early = heldTask(pool);
    expect(await codeOf(early.done)).toBe('queue-timeout');
    await until(() => pool.state.starting === 0);
    const held = heldTask(pool);
    expect(await codeOf(pool.run({ kind: 'gives back' }))).toBe('queue-timeout');
    expect(pool.takeTally().rejected).toBe(2);
    held.release();
    await held.done;
  });

  it.each([
    ['no default function', new URL('./testdata/no-task.mjs', import.meta.url)],
    ['no such file', new URL('file:///nowhere.mjs')],
  ])('fails tasks when no worker starts, and does not try for ever: %s', async (_, module) => {
    const pool = opened({ module, size: 2 });
    expect(await codeOf(pool.run({ kind: 'gives back' }))).toBe('start-failed');
    const { crashes } = pool.state;
    expect(crashes).toBeLessThanOrEqual(5);
    expect(await codeOf(pool.run({ kind: 'gives back' }))).toBe('start-failed');
    expect(pool.state.crashes).toBe(crashes + 1);
  });

  it('fails what waits and what is under way when it is closed', async () => {
    const pool = opened({ size: 1 });
    const tasks = [heldTask(pool), heldTask(pool)];
    const codes = Promise.all(tasks.map(({ done }) => codeOf(done)));
    await until(() => pool.state.busy === 1);
    await pool.close();
    expect(await codes).toEqual(['closed', 'closed']);
    expect(await codeOf(pool.run({ kind: 'gives back' }))).toBe('closed');
    pool.resize(3);
    expect(pool.state.workers).toBe(0);
  });
});
