import type { Clock } from '@levitate/clock';
import {
  type Capability,
  type ModelFile,
  ModelRegistry,
  type RegistryEntry,
} from '@levitate/models';
import type { Logger } from '@levitate/service-kit';
import type { LiquidFacts } from './model-work.ts';

/** What the trial of a model showed. */
export interface Proven {
  /** What computes it. */
  readonly backend: string;
  /** Of a liquid model. */
  readonly liquid?: LiquidFacts | undefined;
}

/**
 * Builds a model and asks it something.
 * @throws {ModelError}
 */
export type Prover = (file: ModelFile) => Promise<Proven>;

/** @see ModelShelf */
export interface ModelShelfOptions {
  readonly folder: string;
  /** Folder of one more model, without which there is no start. */
  readonly named?: string | undefined;
  readonly pollMs: number;
  readonly capabilities: readonly Capability[];
  /** Tries a model, by capability, and says what computes it; a model without one is not loaded. */
  readonly provers: ReadonlyMap<Capability, Prover>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Told when a model came, changed or went. */
  readonly onChange?: ((entry: RegistryEntry) => void) | undefined;
}

/** The registry of a service: looked at again every `pollMs`, each model tried before it serves. */
export class ModelShelf {
  readonly registry: ModelRegistry;
  /** By fingerprint: a folder that was only touched is not tried again. */
  readonly #proven = new Map<string, Proven>();
  readonly #serving = new Map<Capability, readonly ModelFile[]>();
  readonly #options: ModelShelfOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ModelShelfOptions) {
    const { folder, named, provers, logger, onChange } = options;
    this.#options = options;
    const forget = () => this.#forget();
    this.registry = new ModelRegistry({
      folder,
      more: named === undefined ? [] : [named],
      capabilities: options.capabilities.filter((one) => provers.has(one)),
      prove: (file) => this.#prove(file),
      onChange(entry, event) {
        const { name, file, refusal } = entry;
        if (event === 'refused') {
          const serving = file === undefined ? 'the baselines serve' : `${file.id} goes on serving`;
          const { code, message, nextStep } = refusal ?? {};
          logger.error({ model: name, code, why: message, nextStep, serving }, 'model refused');
        } else {
          logger.info({ model: file?.id ?? name, folder: entry.folder }, `model ${event}`);
        }
        forget();
        onChange?.(entry);
      },
    });
  }

  /**
   * Loads what there is, then keeps looking until the signal aborts.
   * @throws {ModelError} where the model that was asked for by name is refused
   */
  async start(): Promise<void> {
    const { signal, folder, named, logger } = this.#options;
    await this.registry.refresh();
    const refusal = this.entries.find((entry) => entry.folder === named)?.refusal;
    if (refusal !== undefined) throw refusal;
    if (this.entries.length === 0) {
      logger.info({ folder }, 'no model is there; the baselines serve');
    }
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    this.#wait();
  }

  /** Every model folder, by name. */
  get entries(): RegistryEntry[] {
    const { entries } = this.registry;
    return entries;
  }

  /** The models of a capability that may serve, by name; asked for with every request. */
  serving(capability: Capability): readonly ModelFile[] {
    const known = this.#serving.get(capability);
    if (known !== undefined) return known;
    const files = this.registry.of(capability);
    this.#serving.set(capability, files);
    return files;
  }

  /** What the trial of a model showed; undefined for one that never served. */
  provenOf(file: ModelFile): Proven | undefined {
    return this.#proven.get(file.fingerprint);
  }

  /** What a change of the registry made untrue. */
  #forget(): void {
    this.#serving.clear();
    const there = new Set(this.entries.map(({ file }) => file?.fingerprint));
    for (const fingerprint of this.#proven.keys()) {
      if (!there.has(fingerprint)) this.#proven.delete(fingerprint);
    }
  }

  #wait(): void {
    const { signal, pollMs } = this.#options;
    if (signal.aborted) return;
    this.#timer = setTimeout(
      () => void this.registry.refresh().finally(() => this.#wait()),
      pollMs,
    );
    this.#timer.unref();
  }

  async #prove(file: ModelFile): Promise<void> {
    const prover = this.#options.provers.get(file.manifest.capability);
    if (prover === undefined) return;
    this.#proven.set(file.fingerprint, await prover(file));
  }
}
