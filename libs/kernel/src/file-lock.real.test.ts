import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireReal } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { FileLock } from './file-lock.ts';

const linux = requireReal('Linux', () =>
  process.platform === 'linux' ? true : `this is ${process.platform}, flock is of Linux`,
);
const MODULE = fileURLToPath(new URL('./file-lock.ts', import.meta.url));

linux.describe('a lock that ends with its process', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'levitate-lock-'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  const taken = (path: string, holder: string) => {
    const outcome = FileLock.take(path, holder);
    if (outcome.kind === 'held') throw new Error(`held by ${outcome.holder}`);
    return outcome;
  };

  linux.it('a second holder is told the first, a third comes when it is given back', () => {
    const path = join(folder, 'deeper', 'a.lock');
    const { lock, left } = taken(path, 'first');
    expect(left).toBe('');
    expect(FileLock.take(path, 'second')).toEqual({ kind: 'held', holder: 'first' });
    lock.release();
    expect(existsSync(path)).toBe(false);
    taken(path, 'third').lock.release();
  });

  linux.it('kill -9 of the holder frees it, and says who left it', async () => {
    const path = join(folder, 'a.lock');
    const script = `
      const { FileLock } = await import(${JSON.stringify(MODULE)});
      FileLock.take(${JSON.stringify(path)}, 'who was killed');
      process.send('taken');
      setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    expect(FileLock.take(path, 'second')).toEqual({ kind: 'held', holder: 'who was killed' });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const { lock, left } = taken(path, 'second');
    expect(left).toBe('who was killed');
    lock.release();
  });
});
