import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { defaultStateDirectory, StateDirectory, StateDirectoryError } from '@levitate/service-kit';
import type { ServiceAddresses, ServiceName } from '../services.ts';

/** Where the parts of one `levitate dev` are, for commands beside it. */
export interface RunRecord {
  readonly pid: number;
  readonly startedUnixMs: number;
  readonly addresses: ServiceAddresses;
}

type Environment = Readonly<Record<string, string | undefined>>;

const recordName = 'run.json';
/** Names the open folder of a run. */
const openRecordName = 'open-folder.json';
const openPrefix = 'levitate-run-';

/**
 * Everything that one `levitate dev` writes: configurations and states of its services and the
 * record of their addresses. The process that holds the lock of the folder owns it.
 */
export class RunFolder {
  readonly path: string;
  readonly #state: StateDirectory;

  private constructor(state: StateDirectory) {
    this.path = state.path;
    this.#state = state;
  }

  /** Makes the folder of this process, below that of all runs of this user. */
  static async create(env: Environment): Promise<RunFolder> {
    const root = runsFolder(env);
    await mkdir(root, { recursive: true, mode: 0o700 });
    return new RunFolder(await StateDirectory.open(join(root, String(process.pid))));
  }

  /** Makes a folder inside. @returns its path */
  async folder(name: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /**
   * Makes a folder that other users may go through, though not read: PostgreSQL refuses to run as
   * root. It is removed with this one. @returns its path
   */
  async openFolder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), openPrefix));
    await this.write(openRecordName, path);
    await chmod(path, 0o711);
    return path;
  }

  /** Folder of a service's state. */
  stateOf(service: ServiceName): string {
    return join(this.path, stateName(service));
  }

  /** Writes a file inside, whole or not at all. @returns its path */
  async write(name: string, value: unknown): Promise<string> {
    await this.#state.writeDurably(name, `${JSON.stringify(value, undefined, 2)}\n`);
    return join(this.path, name);
  }

  /** Lets other commands find this run. */
  async publish(addresses: ServiceAddresses): Promise<void> {
    const record: RunRecord = { pid: process.pid, startedUnixMs: Date.now(), addresses };
    await this.write(recordName, record);
  }

  /** Removes the folder, and those above it that are empty now. */
  async remove(): Promise<void> {
    await this.#state.close();
    await removeRun(this.path);
    await removeEmpty(dirname(this.path));
  }
}

/** Removes folders whose `levitate dev` is gone. @returns how many */
export async function removeStaleRuns(env: Environment): Promise<number> {
  let removed = 0;
  for (const path of await runFolders(env)) {
    const state = await openIfStale(path);
    if (state === undefined) continue;
    await state.close();
    await removeRun(path);
    removed += 1;
  }
  return removed;
}

/** The record of the youngest `levitate dev` that runs; `undefined` when none does. */
export async function newestRun(env: Environment): Promise<RunRecord | undefined> {
  const records: RunRecord[] = [];
  for (const path of await runFolders(env)) {
    const record = await readRecord(path);
    if (record === undefined) continue;
    const stale = await openIfStale(path);
    if (stale === undefined) records.push(record);
    else await stale.close();
  }
  return records.sort((a, b) => b.startedUnixMs - a.startedUnixMs)[0];
}

/** Folder of a service's state in a run. */
export function stateInRun(env: Environment, { pid }: RunRecord, service: ServiceName): string {
  return join(runsFolder(env), String(pid), stateName(service));
}

function stateName(service: ServiceName): string {
  return `${service}-state`;
}

/** Memory that a reboot forgets, where there is such a folder; else the user's state folder. */
function runsFolder(env: Environment): string {
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, 'levitate', 'dev');
  const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;
  return isRootOnLinux ? '/run/levitate/dev' : join(defaultStateDirectory(env), 'dev');
}

async function runFolders(env: Environment): Promise<string[]> {
  const root = runsFolder(env);
  const names = await readdir(root).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map((name) => join(root, name));
}

/** The folder's lock, which only a folder without a living owner gives away. */
async function openIfStale(path: string): Promise<StateDirectory | undefined> {
  try {
    return await StateDirectory.open(path);
  } catch (error) {
    if (error instanceof StateDirectoryError) return undefined;
    throw error;
  }
}

async function readRecord(path: string): Promise<RunRecord | undefined> {
  return readJson(join(path, recordName));
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function removeRun(path: string): Promise<void> {
  const open = await readJson<string>(join(path, openRecordName));
  if (open !== undefined && basename(open).startsWith(openPrefix)) {
    await rm(open, { recursive: true, force: true });
  }
  await rm(path, { recursive: true, force: true });
}

async function removeEmpty(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    try {
      await rmdir(path);
    } catch {
      return; // Another run, or a lab's record, is in it.
    }
  }
}
