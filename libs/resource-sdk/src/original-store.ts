import type { StateDirectory } from '@levitate/service-kit';

/** Where the size stands that a resource had before anybody changed it. */
export interface OriginalStore {
  /** Undefined: nothing was changed. */
  read(name: string): Promise<number | undefined>;
  /** Resolves once it would survive what the store promises to survive. */
  write(name: string, size: number): Promise<void>;
  remove(name: string): Promise<void>;
}

/** For resources that end with their process: nothing is left to restore after a crash. */
export class OriginalsInMemory implements OriginalStore {
  readonly #sizes = new Map<string, number>();

  async read(name: string): Promise<number | undefined> {
    return this.#sizes.get(name);
  }

  async write(name: string, size: number): Promise<void> {
    this.#sizes.set(name, size);
  }

  async remove(name: string): Promise<void> {
    this.#sizes.delete(name);
  }
}

/** For resources that outlive the process: on disk before the first change, through a power cut. */
export class OriginalsOnDisk implements OriginalStore {
  readonly #directory: StateDirectory;

  constructor(directory: StateDirectory) {
    this.#directory = directory;
  }

  /** @throws {StateDirectoryError} */
  async read(name: string): Promise<number | undefined> {
    const bytes = await this.#directory.read(fileOf(name));
    if (bytes === undefined) return undefined;
    const size = Number(bytes.toString());
    // A file that holds no size was never written by us as a whole: nothing was changed under it.
    return Number.isFinite(size) && size > 0 ? size : undefined;
  }

  /** @throws {StateDirectoryError} */
  async write(name: string, size: number): Promise<void> {
    await this.#directory.writeDurably(fileOf(name), `${size}\n`);
  }

  /** @throws {StateDirectoryError} */
  async remove(name: string): Promise<void> {
    await this.#directory.remove(fileOf(name));
  }
}

function fileOf(name: string): string {
  return `original-${name}`;
}
