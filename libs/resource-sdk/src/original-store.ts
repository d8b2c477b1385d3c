import type { StateDirectory } from '@levitate/service-kit';
import type { NotedOriginal } from './managed-resource.ts';

/** Where stands what a resource was before anybody changed it. */
export interface OriginalStore {
  /** Undefined: nothing was changed. */
  read(name: string): Promise<NotedOriginal | undefined>;
  /** Resolves once it would survive what the store promises to survive. */
  write(name: string, original: NotedOriginal): Promise<void>;
  remove(name: string): Promise<void>;
}

/** For resources that end with their process: nothing is left to restore after a crash. */
export class OriginalsInMemory implements OriginalStore {
  readonly #originals = new Map<string, NotedOriginal>();

  async read(name: string): Promise<NotedOriginal | undefined> {
    return this.#originals.get(name);
  }

  async write(name: string, original: NotedOriginal): Promise<void> {
    this.#originals.set(name, original);
  }

  async remove(name: string): Promise<void> {
    this.#originals.delete(name);
  }
}

/** For resources that outlive the process: on disk before the first change, through a power cut. */
export class OriginalsOnDisk implements OriginalStore {
  readonly #directory: StateDirectory;

  constructor(directory: StateDirectory) {
    this.#directory = directory;
  }

  /** @throws {StateDirectoryError} */
  async read(name: string): Promise<NotedOriginal | undefined> {
    const bytes = await this.#directory.read(fileOf(name));
    return bytes && originalOf(bytes.toString());
  }

  /** @throws {StateDirectoryError} */
  async write(name: string, original: NotedOriginal): Promise<void> {
    await this.#directory.writeDurably(fileOf(name), `${JSON.stringify(original)}\n`);
  }

  /** @throws {StateDirectoryError} */
  async remove(name: string): Promise<void> {
    await this.#directory.remove(fileOf(name));
  }
}

function fileOf(name: string): string {
  return `original-${name}`;
}

/**
 * What a store kept as text. Text that holds no original was never written by us as a whole, so
 * nothing was changed under it.
 */
export function originalOf(text: string): NotedOriginal | undefined {
  try {
    const { size, snapshot } = JSON.parse(text) as Partial<NotedOriginal>;
    if (typeof size !== 'number' || !(size > 0) || !Number.isFinite(size)) return undefined;
    return typeof snapshot === 'string' ? { size, snapshot } : { size };
  } catch {
    return undefined;
  }
}
