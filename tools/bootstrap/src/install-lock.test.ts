import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { withInstallLock } from './install-lock.mjs';

const root = mkdtempSync(join(tmpdir(), 'levitate-lock-'));
const silent = () => undefined;
afterEach(() => rmSync(join(root, '.levitate'), { recursive: true, force: true }));

it('two installs of one clone come one after the other', async () => {
  const order: string[] = [];
  const said: string[] = [];
  let endFirst: () => void = silent;
  const first = withInstallLock({ root, say: silent }, async () => {
    order.push('first begins');
    await new Promise<void>((resolve) => {
      endFirst = resolve;
    });
    order.push('first ends');
  });
  const second = withInstallLock({ root, say: (line) => void said.push(line) }, async () => {
    order.push('second');
  });
  endFirst();
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'first ends', 'second']);
  expect(said[0]).toContain(`waiting for the install of process ${process.pid}`);
});

it('the lock of a process that is gone is taken over', async () => {
  mkdirSync(join(root, '.levitate'));
  // The kernel gives no process a number this high.
  writeFileSync(join(root, '.levitate', 'installing.pid'), String(2 ** 30));
  let hasRun = false;
  await withInstallLock({ root, say: silent }, async () => {
    hasRun = true;
  });
  expect(hasRun).toBe(true);
});

it('the lock is gone when the work failed', async () => {
  const work = () => Promise.reject(new Error('no network'));
  await expect(withInstallLock({ root, say: silent }, work)).rejects.toThrow('no network');
  expect(readdirSync(join(root, '.levitate'))).toEqual([]);
});

it('a folder that cannot be written is told with the next step', async () => {
  const path = join(root, 'a-file');
  writeFileSync(path, '');
  const work = () => Promise.resolve();
  await expect(withInstallLock({ root: path, say: silent }, work)).rejects.toMatchObject({
    name: 'BootstrapError',
    next: expect.stringContaining('writable'),
  });
});
