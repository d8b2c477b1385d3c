import type { SeededRandom } from '@levitate/clock';
import type { VirtualProcesses } from './virtual-processes.ts';

/** Contents of one file: what programs read, and what a power cut leaves at least. */
interface Inode {
  seen: string;
  /** `undefined`: nothing of it was ever synced. */
  held: string | undefined;
}

/** Names that change together. */
type EntryChange = readonly (readonly [name: string, inode: Inode | undefined])[];

/** How a disk behaves: `full` and `flaky` fail writes, all of them or some; `stalled` waits. */
export type DiskCondition = 'sound' | 'full' | 'flaky' | 'stalled';

/**
 * A disk in memory that keeps the promises POSIX makes and no other: bytes are safe once their file
 * is synced, names once their folder is. Every operation is a boundary at which its process may
 * die. Paths are `/p7/folder/name`: the number is that of the process that asks.
 */
export class FaultyDisk {
  readonly processes: VirtualProcesses;
  readonly #random: SeededRandom;
  readonly #entries = new Map<string, Inode>();
  readonly #held = new Map<string, Inode>();
  #unsynced: EntryChange[] = [];
  #condition: DiskCondition = 'sound';
  #waiting: (() => void)[] = [];

  constructor(parts: { processes: VirtualProcesses; random: SeededRandom }) {
    this.processes = parts.processes;
    this.#random = parts.random;
  }

  get condition(): DiskCondition {
    return this.#condition;
  }

  /** A disk that is stalled no more answers what has waited. */
  set condition(condition: DiskCondition) {
    this.#condition = condition;
    if (condition === 'stalled') return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }

  /** What programs read; `undefined`: no such file. @param name without the process */
  text(name: string): string | undefined {
    return this.#entries.get(name)?.seen;
  }

  /** Overwrite a file where it lies, as no program of ours would. */
  corrupt(name: string, text: string): void {
    const inode = this.#entries.get(name);
    if (inode === undefined) return;
    inode.seen = text;
    inode.held = text;
  }

  /** Everything a file may hold after a power cut now; `undefined` among it: it may be missing. */
  survivors(name: string): (string | undefined)[] {
    const inodes = [this.#held.get(name)];
    for (const change of this.#unsynced) {
      for (const [changed, inode] of change) if (changed === name) inodes.push(inode);
    }
    return inodes.flatMap((inode) => {
      if (inode === undefined) return [undefined];
      const held = inode.held ?? '';
      return held === inode.seen ? [held] : [held, inode.seen];
    });
  }

  /** Cut the power: every process dies, what was not synced is lost, kept or torn. */
  cutPower(): void {
    this.processes.killAll();
    const kept = this.#random.integer(this.#unsynced.length + 1);
    for (const change of this.#unsynced.slice(0, kept)) this.#hold(change);
    this.#unsynced = [];
    this.#entries.clear();
    for (const [name, inode] of this.#held) {
      const text = this.#afterCut(inode);
      this.#entries.set(name, inode);
      inode.seen = text;
      inode.held = text;
    }
    this.#waiting = [];
  }

  async readText(path: string): Promise<string> {
    const name = await this.#enter(path, 'read');
    const inode = this.#entries.get(name);
    if (inode === undefined) throw errno('ENOENT', name);
    return inode.seen;
  }

  async openFile(path: string, flags: string): Promise<OpenFile> {
    const name = await this.#enter(
      path,
      flags === 'r' ? 'open folder' : 'open file',
      flags !== 'r',
    );
    const enter = (label: string, isWrite: boolean) => this.#enter(path, label, isWrite);
    if (flags === 'r') return this.#openFolder(name, enter);
    let inode = this.#entries.get(name);
    if (inode === undefined) {
      inode = { seen: '', held: undefined };
      this.#change([[name, inode]]);
    } else if (flags === 'w') inode.seen = '';
    return this.#openInode(inode, path);
  }

  async rename(from: string, to: string): Promise<void> {
    const name = await this.#enter(from, 'rename', true);
    const inode = this.#entries.get(name);
    if (inode === undefined) throw errno('ENOENT', name);
    this.#change([
      [name, undefined],
      [placeOf(to).name, inode],
    ]);
  }

  async unlink(path: string): Promise<void> {
    const name = await this.#enter(path, 'unlink', true);
    if (!this.#entries.has(name)) throw errno('ENOENT', name);
    this.#change([[name, undefined]]);
  }

  /** Names in a folder. */
  async list(path: string): Promise<string[]> {
    const folder = await this.#enter(path, 'list');
    return [...this.#entries.keys()]
      .filter((name) => name.startsWith(`${folder}/`))
      .map((name) => name.slice(folder.length + 1));
  }

  #openFolder(folder: string, enter: (label: string, isWrite: boolean) => Promise<string>) {
    return {
      writeFile: async () => {
        throw errno('EBADF', folder);
      },
      sync: async () => {
        await enter('sync folder', true);
        const isInside = (change: EntryChange) =>
          change.some(([name]) => name.startsWith(`${folder}/`));
        for (const change of this.#unsynced.filter(isInside)) this.#hold(change);
        this.#unsynced = this.#unsynced.filter((change) => !isInside(change));
      },
      close: async () => {
        await enter('close folder', false);
      },
    };
  }

  #openInode(inode: Inode, path: string): OpenFile {
    return {
      writeFile: async (bytes) => {
        const text = String(bytes);
        const torn = text.slice(0, this.#random.integer(text.length + 1));
        await this.#enter(path, 'write', true, () => {
          inode.seen += torn;
        });
        inode.seen += text;
      },
      sync: async () => {
        await this.#enter(path, 'sync file', true);
        inode.held = inode.seen;
      },
      close: async () => {
        await this.#enter(path, 'close file');
      },
    };
  }

  /** @param atDeath what is half done where the process dies, or the disk fails, here */
  async #enter(
    path: string,
    label: string,
    isWrite = false,
    atDeath: () => void = () => {},
  ): Promise<string> {
    const { process, name } = placeOf(path);
    if (!this.processes.isAlive(process)) return never();
    if (this.#condition === 'stalled') {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (!this.processes.isAlive(process)) return never();
    if (!this.processes.passes(process, label)) {
      atDeath();
      return never();
    }
    if (isWrite && this.#fails()) {
      atDeath();
      throw errno(this.#condition === 'full' ? 'ENOSPC' : 'EIO', name);
    }
    return name;
  }

  #fails(): boolean {
    if (this.#condition === 'full') return true;
    return this.#condition === 'flaky' && this.#random.float() < 0.25;
  }

  #change(change: EntryChange): void {
    for (const [name, inode] of change) {
      if (inode === undefined) this.#entries.delete(name);
      else this.#entries.set(name, inode);
    }
    this.#unsynced.push(change);
  }

  #hold(change: EntryChange): void {
    for (const [name, inode] of change) {
      if (inode === undefined) this.#held.delete(name);
      else this.#held.set(name, inode);
    }
  }

  #afterCut({ seen, held }: Inode): string {
    if (seen === held) return seen;
    const torn = seen.slice(0, this.#random.integer(seen.length + 1));
    return this.#random.pick([held ?? '', torn, seen]);
  }
}

/** A file or folder that is open. */
export interface OpenFile {
  writeFile(bytes: Uint8Array | string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error where a path does not begin with a process */
export function placeOf(path: string): { process: number; name: string } {
  const [, process, name] = /^\/p(\d+)(\/.+)$/.exec(path) ?? [];
  if (name === undefined) throw new Error(`not a path of a virtual process: ${path}`);
  return { process: Number(process), name };
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function errno(code: string, name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${name}`), { code });
}
