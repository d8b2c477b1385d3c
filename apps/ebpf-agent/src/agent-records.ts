import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceContext, StateDirectory, StateDirectoryError } from '@levitate/service-kit';
import type { AgentConfig } from './config.ts';
import { HostLock, type LockHolder } from './host-lock.ts';
import { AGENT_FOLDER } from './restore-all.ts';
import { restoreRecorded } from './restore-originals.ts';

/** The supervisor of a dead agent may hold the state directory for a moment. */
const LOCK_WAIT_MS = 5_000;
const LOCK_RETRY_MS = 50;

/** What an agent holds while it may change limits: its records and the links of its host. */
export interface AgentRecords {
  directory: StateDirectory;
  /** Gives both back. */
  close(): Promise<void>;
}

/**
 * Take the state directory and, with a real kernel, the namespaces of the links; then put back what
 * an earlier run left, in this directory or, if it drove these links, in another.
 * @throws StateDirectoryError, AgentError `HOST_LOCKED` or `ORIGINALS_UNREADABLE`
 */
export async function openRecords(
  { config, logger }: Pick<ServiceContext<AgentConfig>, 'config' | 'logger'>,
  isReal: boolean,
): Promise<AgentRecords> {
  const directory = await openPatiently(join(config.state_directory, AGENT_FOLDER));
  let lock: HostLock | undefined;
  const close = async () => {
    lock?.release();
    await directory.close();
  };
  const restore = async (from: StateDirectory) => {
    for (const { error, ...one } of await restoreRecorded(from)) {
      logger.warn({ ...one, err: error }, 'put back what an earlier run left');
    }
  };
  try {
    if (isReal) lock = takeHostLock(config, directory);
    await restore(directory);
    for (const { stateDirectory } of lock?.crashed ?? []) {
      if (stateDirectory === directory.path) continue;
      const other = await openOther(stateDirectory);
      if (other === undefined) continue;
      await restore(other).finally(() => other.close());
    }
    return { directory, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function takeHostLock(config: AgentConfig, directory: StateDirectory): HostLock {
  const holder: LockHolder = {
    name: config.listen,
    pid: process.pid,
    stateDirectory: directory.path,
  };
  const namespaces = config.links.map(({ netns }) => netns);
  return HostLock.take({ directory: config.lock_directory, namespaces, holder });
}

/** A directory that is in use needs nothing of us: its supervisor, or an agent, restores. */
async function openOther(path: string): Promise<StateDirectory | undefined> {
  try {
    return await openPatiently(path);
  } catch (error) {
    if (error instanceof StateDirectoryError) return undefined;
    throw error;
  }
}

async function openPatiently(path: string): Promise<StateDirectory> {
  const until = performance.now() + LOCK_WAIT_MS;
  while (true) {
    try {
      return await StateDirectory.open(path);
    } catch (error) {
      const isHeld = error instanceof StateDirectoryError && error.code === 'LOCKED';
      if (!isHeld || performance.now() >= until) throw error;
      await delay(LOCK_RETRY_MS);
    }
  }
}
