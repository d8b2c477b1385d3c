import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FileLock, namespaceInode, namespacePath } from '@levitate/kernel';
import { AgentError } from './errors.ts';

/** Who holds the queues of a namespace, as its lock file says. */
export interface LockHolder {
  /** What it is called by those who run it: the address it listens on. */
  name: string;
  pid: number;
  /** Where its durable records are. */
  stateDirectory: string;
}

/** What a host lock is taken with. */
export interface HostLockOptions {
  /** `lock_directory` of the configuration. */
  directory: string;
  /** Namespaces of the links; `undefined` is the own one. */
  namespaces: Iterable<string | undefined>;
  holder: LockHolder;
}

/**
 * Keeps a second agent off the links of this one, whatever state directory it has. What is locked
 * are the network namespaces of the links, not the host: agents of different namespaces share no
 * queue, and two for the same one have no reason to be. The kernel frees a lock with its process,
 * so nothing is left to clean up after a crash but who it was.
 */
export class HostLock {
  readonly #locks: readonly FileLock[];
  /** Holders that ended without giving the lock back. */
  readonly crashed: readonly LockHolder[];

  /** @throws AgentError `HOST_LOCKED` with the holder's name and process */
  static take({ directory, namespaces, holder }: HostLockOptions): HostLock {
    const locks: FileLock[] = [];
    const crashed: LockHolder[] = [];
    try {
      for (const [name, netns] of lockNames(namespaces)) {
        const outcome = FileLock.take(join(directory, `${name}.lock`), JSON.stringify(holder));
        if (outcome.kind === 'held') throw heldBy(parseHolder(outcome.holder), netns);
        locks.push(outcome.lock);
        const left = parseHolder(outcome.left);
        if (left !== undefined && !crashed.some(({ pid }) => pid === left.pid)) crashed.push(left);
      }
    } catch (error) {
      for (const lock of locks) lock.release();
      throw error;
    }
    return new HostLock(locks, crashed);
  }

  private constructor(locks: readonly FileLock[], crashed: readonly LockHolder[]) {
    this.#locks = locks;
    this.crashed = crashed;
  }

  release(): void {
    for (const lock of this.#locks) lock.release();
  }
}

/**
 * A namespace is locked by its identity, so that no other name of it helps, and by its path, which
 * holds where it is not there yet or is made anew. One order everywhere: two agents that start at
 * once cannot each hold what the other wants.
 */
function lockNames(namespaces: Iterable<string | undefined>): [string, string | undefined][] {
  const names = new Map<string, string | undefined>();
  for (const netns of namespaces) {
    const inode = namespaceInode(netns);
    if (inode !== undefined) names.set(`netns-${inode}`, netns);
    if (netns === undefined) continue;
    const digest = createHash('sha256').update(namespacePath(netns)).digest('hex');
    names.set(`path-${digest.slice(0, 32)}`, netns);
  }
  return [...names].sort(([a], [b]) => (a < b ? -1 : 1));
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { name, pid, stateDirectory } = JSON.parse(text) as LockHolder;
    const isWhole = typeof name === 'string' && typeof stateDirectory === 'string';
    return isWhole && Number.isInteger(pid) ? { name, pid, stateDirectory } : undefined;
  } catch {
    return undefined; // Nothing there, or its writer ended in the middle.
  }
}

function heldBy(holder: LockHolder | undefined, netns: string | undefined): AgentError {
  const where = netns === undefined ? 'of this host' : `of the namespace ${netns}`;
  const who =
    holder === undefined
      ? 'another agent'
      : `the agent ${holder.name} (process ${holder.pid}, state in ${holder.stateDirectory})`;
  const next = 'stop that one, or give this one links of another namespace';
  const message = `the links ${where} are held by ${who}. Next: ${next}`;
  const metadata: Record<string, string> =
    holder === undefined ? {} : { holder: holder.name, pid: `${holder.pid}` };
  return new AgentError({ code: 'HOST_LOCKED', message, metadata });
}
