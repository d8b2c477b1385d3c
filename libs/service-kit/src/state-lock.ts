import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { link, readFile, realpath, rename, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { StateDirectoryError } from './state-directory-error.ts';

/** Who holds a lock. A process id alone is reused; with start time and boot it is unique. */
interface Owner {
  readonly pid: number;
  /** Clock ticks from boot to the process's start; empty where `/proc` is not there. */
  readonly started: string;
  /** Identity of the boot; empty where `/proc` is not there. */
  readonly boot: string;
}

/**
 * Takes the lock of a folder. On Linux that is first an abstract socket, which the kernel frees
 * with its process, so that of several processes that find a dead owner's file one alone goes on;
 * then, everywhere and across network namespaces, a file that names its owner. A file whose owner
 * is gone is taken over.
 * @returns the function that gives it back
 * @throws {StateDirectoryError} `LOCKED` when its owner lives
 */
export async function takeLock(folder: string): Promise<() => Promise<void>> {
  const socket = process.platform === 'linux' ? await takeSocket(folder) : undefined;
  try {
    const release = await takeFile(folder);
    return async () => {
      await release();
      socket?.close();
    };
  } catch (error) {
    socket?.close();
    throw error;
  }
}

/** Listens on a socket without a file, named by the folder. */
async function takeSocket(folder: string): Promise<Server> {
  const digest = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex');
  const server = createServer((connection) => connection.destroy());
  server.listen(`\0levitate-state-${digest}`);
  server.unref();
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const owner = parseOwner(await readFile(join(folder, 'lock'), 'utf8').catch(() => ''));
    throw locked(folder, owner ? `process ${owner.pid}` : 'another process');
  }
}

async function takeFile(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const mine = JSON.stringify(await ownerOf(process.pid));
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      await writeFile(path, mine, { flag: 'wx' });
      return async () => {
        const held = await readFile(path, 'utf8').catch(() => '');
        if (held === mine) await unlink(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await removeStale(path, folder);
  }
  throw locked(folder, 'several processes want it at once');
}

/** Removes the lock if its owner is gone, and only the very lock that was judged. */
async function removeStale(path: string, folder: string): Promise<void> {
  const held = await readFile(path, 'utf8').catch(() => undefined);
  if (held === undefined) return;
  const owner = parseOwner(held);
  if (owner !== undefined && (await isAlive(owner))) throw locked(folder, `process ${owner.pid}`);
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Another process was faster; the next attempt sees its lock.
  }
  // Another process may have taken over between our look and our rename: give its lock back.
  const moved = await readFile(aside, 'utf8');
  if (moved !== held) await link(aside, path).catch(() => {});
  await unlink(aside);
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined; // Cut off in the middle of writing: its owner died there.
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = await ownerOf(owner.pid);
  return now.started === owner.started && now.boot === owner.boot;
}

async function ownerOf(pid: number): Promise<Owner> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  // Field 22, counted after the command in parentheses, which may itself hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, started: fields[19] ?? '', boot: boot.trim() };
}

function locked(folder: string, by: string): StateDirectoryError {
  return new StateDirectoryError({
    code: 'LOCKED',
    message: `${folder} is in use by ${by}`,
    nextStep: 'stop that process, or give this one its own folder with --state-directory',
  });
}
