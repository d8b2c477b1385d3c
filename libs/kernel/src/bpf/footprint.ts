import { readFileSync, statSync } from 'node:fs';
import { KernelError } from '../kernel-error.ts';
import { type FootprintEntry, parseFootprint } from './footprint-entry.ts';
import { replaceFile } from './replace-file.ts';

/** Of the file; far above what the bound on entries needs. */
const FILE_BYTES_MAX = 1024 * 1024;
const ENTRIES_MAX = 2048;
/** Linux stamps it into `/proc/PID/stat`, after the name in parentheses. */
const START_TIME_FIELD = 19;

/**
 * What this process puts into the kernel that outlives it: tc filters and pins. Each entry is on
 * disk before the change is made and goes after it was undone, so that after a crash the next start
 * knows what to remove (remove-stale.ts). What BPF links and file descriptors hold is not in here:
 * it ends with the process.
 */
export class Footprint {
  readonly path: string;
  #entries: readonly FootprintEntry[];

  /**
   * Begin with what an earlier process could not remove.
   * @param path file of its own, in a directory that is there; only its owner can read it
   * @throws KernelError `occupied` with the process that lives and holds it; `bad-answer` when the
   * file cannot be understood: `removeStale` first
   */
  static open(path: string): Footprint {
    const found = readFootprint(path);
    if (found === 'unreadable') {
      throw new KernelError({
        code: 'bad-answer',
        what: `reading the record of BPF programs ${path}`,
        why: 'it is not in a form that this version knows',
        next: 'let `removeStale` set it aside, and see what it reports',
      });
    }
    return new Footprint(path, found);
  }

  private constructor(path: string, entries: readonly FootprintEntry[]) {
    this.path = path;
    this.#entries = entries;
  }

  get entries(): readonly FootprintEntry[] {
    return this.#entries;
  }

  /** On disk when this returns. @throws KernelError `full` beyond 2,048 entries, `refused` */
  add(...added: FootprintEntry[]): void {
    if (this.#entries.length + added.length > ENTRIES_MAX) {
      throw new KernelError({
        code: 'full',
        what: `adding to the record of BPF programs ${this.path}`,
        why: `it holds at most ${ENTRIES_MAX} filters and pins`,
        next: 'watch fewer links, or see what fills it',
      });
    }
    this.#write([...this.#entries, ...added]);
  }

  /** @param entry one that was added, by identity; another one takes its place */
  replace(entry: FootprintEntry, by: FootprintEntry): void {
    this.#write(this.#entries.map((one) => (one === entry ? by : one)));
  }

  /** @param removed by identity; those that are not there are no error */
  remove(...removed: FootprintEntry[]): void {
    const left = this.#entries.filter((one) => !removed.includes(one));
    if (left.length !== this.#entries.length) this.#write(left);
  }

  #write(entries: readonly FootprintEntry[]): void {
    const owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
    const content = { version: 1, bootId: bootId(), owner, entries };
    try {
      replaceFile(this.path, `${JSON.stringify(content, undefined, 1)}\n`);
    } catch (cause) {
      throw new KernelError({
        code: 'refused',
        what: `writing the record of BPF programs ${this.path}`,
        why: cause instanceof Error ? cause.message : String(cause),
        next: 'make its directory writable, with room; nothing was changed in the kernel',
        cause,
      });
    }
    this.#entries = entries;
  }
}

/**
 * What is recorded, as far as it can still be in the kernel: after a reboot that is nothing.
 * @throws KernelError `occupied` when the process that wrote it lives and is not this one
 */
export function readFootprint(path: string): readonly FootprintEntry[] | 'unreadable' {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isFile() || stat.size > FILE_BYTES_MAX) return 'unreadable';
  const content = parseFootprint(readFileSync(path, 'utf8'));
  if (content === undefined || content.entries.length > ENTRIES_MAX) return 'unreadable';
  if (content.bootId !== bootId()) return [];
  const { pid, startTime } = content.owner;
  const isHeld = content.entries.length > 0 && startTimeOf(pid) === startTime;
  if (isHeld && pid !== process.pid) {
    throw new KernelError({
      code: 'occupied',
      what: `taking over the record of BPF programs ${path}`,
      why: `process ${pid} lives and holds ${content.entries.length} filters and pins`,
      next: `stop process ${pid}, or use another instance name and state directory`,
    });
  }
  return content.entries;
}

/** @returns ticks since boot as text, `undefined` when there is no such process */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME_FIELD];
  } catch {
    return undefined;
  }
}

/** Identity of this run of the machine: numbers of programs and maps begin anew with each. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
