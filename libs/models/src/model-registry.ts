import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Capability } from './manifest.ts';
import { ModelError } from './model-error.ts';
import { loadModelFile, type ModelFile } from './model-file.ts';

/** One model folder as the registry knows it. */
export interface RegistryEntry {
  /** Of the folder. */
  readonly name: string;
  readonly folder: string;
  /** What serves; undefined for a folder that was never believed. */
  readonly file: ModelFile | undefined;
  /** Why the folder's present state was refused; the file, if any, is of an earlier state. */
  readonly refusal: ModelError | undefined;
}

/** @see ModelRegistry */
export interface ModelRegistryOptions {
  /** Holds a folder per model; need not exist. */
  readonly folder: string;
  /** Folders of single models beside it; one of the same name below `folder` is passed over. */
  readonly more?: readonly string[] | undefined;
  /** Only these are loaded. */
  readonly capabilities: readonly Capability[];
  /**
   * Tries a model before it may serve: builds its network, asks it something.
   * @throws {ModelError} and the model is refused
   */
  readonly prove: (file: ModelFile) => Promise<void>;
  /** Told of every model that was loaded, refused or removed. */
  readonly onChange?: (entry: RegistryEntry, event: RegistryEvent) => void;
  /** Models held at once. Default 32. */
  readonly modelsMax?: number;
}

/** What became of a folder. */
export type RegistryEvent = 'loaded' | 'refused' | 'removed';

/**
 * The models of a folder. `refresh` looks at it again and loads what changed: a model that is
 * refused leaves the one before it in service, and one whose folder is gone goes.
 */
export class ModelRegistry {
  readonly #options: ModelRegistryOptions;
  readonly #entries = new Map<string, RegistryEntry & { state: string }>();
  #refreshing: Promise<void> | undefined;

  constructor(options: ModelRegistryOptions) {
    this.#options = options;
  }

  /** Every folder, by name. */
  get entries(): RegistryEntry[] {
    return [...this.#entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The models of a capability that may serve, by name. */
  of(capability: Capability): ModelFile[] {
    return this.entries.flatMap(({ file }) =>
      file?.manifest.capability === capability ? [file] : [],
    );
  }

  /**
   * The model of a name, by that in its manifest.
   */
  get(name: string): RegistryEntry | undefined {
    return this.entries.find(
      (entry) => (entry.file?.manifest.name ?? entry.name) === name || entry.name === name,
    );
  }

  /** Looks at the folder again. Calls meet in one look. Never fails: what is wrong is an entry. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const { folder, more = [], modelsMax = MODELS_MAX } = this.#options;
    const folders = new Map(more.map((each) => [basename(each), each]));
    for (const name of await modelNames(folder)) {
      if (!folders.has(name)) folders.set(name, join(folder, name));
    }
    for (const [name, entry] of this.#entries) {
      if (folders.has(name)) continue;
      this.#entries.delete(name);
      this.#options.onChange?.({ ...entry, file: undefined }, 'removed');
    }
    for (const [name, each] of [...folders].slice(0, modelsMax)) await this.#look(name, each);
  }

  async #look(name: string, folder: string): Promise<void> {
    const state = await stateOf(folder);
    const known = this.#entries.get(name);
    if (known?.state === state) return;
    try {
      const file = await loadModelFile(folder);
      if (!this.#options.capabilities.includes(file.manifest.capability)) return;
      if (file.fingerprint !== known?.file?.fingerprint) await this.#prove(file);
      this.#set({ name, folder, file, refusal: undefined, state }, 'loaded');
    } catch (error) {
      const refusal = asModelError(error, folder);
      this.#set({ name, folder, file: known?.file, refusal, state }, 'refused');
    }
  }

  async #prove(file: ModelFile): Promise<void> {
    const { id, manifest } = file;
    const other = this.entries.find(
      (entry) => entry.file?.manifest.name === manifest.name && entry.folder !== file.folder,
    );
    if (other !== undefined) {
      throw new ModelError({
        code: 'shape',
        message: `${file.folder} holds ${id}, and so does ${other.folder}`,
        nextStep: 'give one of them another name in its manifest, or remove it',
      });
    }
    await this.#options.prove(file);
  }

  #set(entry: RegistryEntry & { state: string }, event: RegistryEvent): void {
    this.#entries.set(entry.name, entry);
    this.#options.onChange?.(entry, event);
  }
}

/** Folders below a folder that hold a manifest, by name; none where there is no such folder. */
export async function modelNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.'));
    const areModels = await Promise.all(
      names.map((name) => access(join(folder, name, 'manifest.json')).then(yes, no)),
    );
    return names.filter((_, index) => areModels[index]).sort();
  } catch {
    return [];
  }
}

const yes = () => true;
const no = () => false;

/** Sizes and times of what a model folder holds: another state is another string. */
async function stateOf(folder: string): Promise<string> {
  const files = ['manifest.json', 'weights.f32', 'weights.f64'];
  const states = files.map(async (file) => {
    const found = await stat(join(folder, file)).catch(() => undefined);
    return found === undefined ? '-' : `${found.size}:${found.mtimeMs}:${found.ino}`;
  });
  return (await Promise.all(states)).join(' ');
}

function asModelError(error: unknown, folder: string): ModelError {
  if (error instanceof ModelError) return error;
  return new ModelError({
    code: 'unsound',
    message: `${basename(folder)} failed when it was tried: ${String(error)}`,
    nextStep: 'restore the folder from the repository, or train the model again (levitate train)',
    cause: error,
  });
}

const MODELS_MAX = 32;
