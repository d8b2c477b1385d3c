import { stat } from 'node:fs/promises';
import type { ResourceMeasurement } from '@levitate/control';
import type { ManagedResource, NotedOriginal } from '@levitate/resource-sdk';
import {
  type CgroupFiles,
  cgroupFiles,
  numberIn,
  readGroupFile,
  writeGroupFile,
} from './cgroup-files.ts';
import { MemoryError } from './memory-error.ts';

/** @see CgroupMemory */
export interface CgroupMemoryOptions {
  /** Of the group: `/sys/fs/cgroup/shop.slice`, or `/sys/fs/cgroup/memory/shop` of version 1. */
  folder: string;
  /** Bytes. */
  min: number;
  max: number;
  /** Default `cgroup-memory`. */
  name?: string | undefined;
}

/** Pages of the kernel: limits are whole ones. */
const pageBytes = 4_096;

/**
 * How much memory a control group may use, as root on Linux: `memory.high` of version 2, beyond
 * which its processes are slowed and memory is taken from them, and `memory.limit_in_bytes` of
 * version 1, beyond which one is killed. No limit counts as `max`.
 *
 * Need is what was in use at most since the last look, without files that can be read again.
 */
export class CgroupMemory implements ManagedResource {
  readonly name: string;
  readonly unit = 'bytes';
  readonly min: number;
  readonly max: number;
  readonly quantum = pageBytes;
  readonly #folder: string;
  #files: CgroupFiles | undefined;
  #metBefore: number | undefined;
  #seen: Record<string, number> = {};

  constructor(options: CgroupMemoryOptions) {
    const { folder, min, max, name = 'cgroup-memory' } = options;
    if (!(min >= pageBytes && max >= min && Number.isFinite(max))) {
      throw new RangeError(`min and max: bytes, ${pageBytes} <= min <= max, not ${min}, ${max}`);
    }
    this.#folder = folder;
    this.min = min;
    this.max = max;
    this.name = name;
  }

  async measure(): Promise<ResourceMeasurement> {
    const files = await this.#known();
    const limit = numberIn(await this.#read(files.limit));
    const usage = numberIn(await this.#read(files.usage));
    const peak = await this.#peak(files, usage);
    const cached = numberIn(await this.#read(files.stat), 'inactive_file');
    const met = numberIn(await this.#read(files.met.file), files.met.line);
    const metSince = Math.max(0, met - (this.#metBefore ?? met));
    this.#metBefore = met;
    const size = Math.min(this.max, limit);
    const used = Math.max(0, peak - cached);
    // Files were reclaimed, or processes slowed, to keep to it: all of it was asked for.
    const need = metSince > 0 ? Math.max(used, size) : used;
    this.#seen = { usageBytes: usage, cachedBytes: cached, limitMet: metSince };
    return { size, need, instance: await this.#instance() };
  }

  async apply(size: number): Promise<void> {
    const files = await this.#known();
    await writeGroupFile(this.#folder, files.limit, `${size}`);
  }

  async snapshot(): Promise<string> {
    return await this.#read((await this.#known()).limit);
  }

  /** Also no limit, where there was none. */
  async restore({ size, snapshot }: NotedOriginal): Promise<void> {
    const files = await this.#known();
    const limit = snapshot === undefined ? size : numberIn(snapshot);
    const none = files.version === 2 ? 'max' : '-1';
    const text = Number.isFinite(limit) ? `${limit}` : none;
    await writeGroupFile(this.#folder, files.limit, text);
  }

  metrics(): Readonly<Record<string, number>> {
    return this.#seen;
  }

  async #known(): Promise<CgroupFiles> {
    this.#files ??= await cgroupFiles(this.#folder);
    return this.#files;
  }

  async #read(file: string): Promise<string> {
    return await readGroupFile(this.#folder, file);
  }

  /** Since the last look in version 1, which lets it be cleared; else what is in use now. */
  async #peak({ version, peak }: CgroupFiles, usage: number): Promise<number> {
    if (version === 2) return usage;
    const most = numberIn(await this.#read(peak));
    await writeGroupFile(this.#folder, peak, '0');
    return Math.max(usage, most);
  }

  /** A group that was made again is another one. */
  async #instance(): Promise<string> {
    try {
      const { ino, ctimeMs } = await stat(this.#folder);
      return `${ino}@${Math.round(ctimeMs)}`;
    } catch (cause) {
      throw new MemoryError('no-such-group', `${this.#folder} has ended`, { cause });
    }
  }
}
