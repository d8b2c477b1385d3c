import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BootstrapError } from './bootstrap-error.mjs';

const pollMs = 500;
const sayEveryMs = 5000;

/**
 * Lets one install at a time touch `node_modules` (`npm start` and `npm test` in two terminals of
 * one fresh clone would delete each other's files). A lock whose process is gone is taken over.
 *
 * @param {{ root: string, say: (line: string) => void }} options
 * @param {() => Promise<void>} work
 */
export async function withInstallLock({ root, say }, work) {
  const folder = join(root, '.levitate');
  const path = join(folder, 'installing.pid');
  const startedMs = Date.now();
  let saidMs = 0;
  for (let holder = take(folder, path); holder !== undefined; holder = take(folder, path)) {
    if (Date.now() - saidMs >= sayEveryMs) {
      saidMs = Date.now();
      const seconds = Math.round((saidMs - startedMs) / 1000);
      say(`waiting for the install of process ${holder} to end, ${seconds} s so far`);
    }
    await wait(pollMs);
  }
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {number | undefined} the process that holds the lock; `undefined`: we do now.
 */
function take(folder, path) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EEXIST') {
      throw new BootstrapError({
        what: `${folder} cannot be written`,
        why: cause instanceof Error ? cause.message : String(cause),
        next: 'clone into a folder that belongs to this user, or make this one writable',
        cause,
      });
    }
  }
  const holder = Number(readFileSync(path, { encoding: 'utf8', flag: 'a+' }));
  if (holder > 0 && isAlive(holder)) return holder;
  rmSync(path, { force: true });
  return take(folder, path);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
