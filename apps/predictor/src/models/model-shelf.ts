import type { Clock } from '@levitate/clock';
import {
  type Capability,
  type ModelFile,
  ModelRegistry,
  type RegistryEntry,
} from '@levitate/models';
import type { Logger } from '@levitate/service-kit';

/**
 * Builds a model and asks it something.
 * @returns what computes it
 * @throws {ModelError}
 */
export type Prover = (file: ModelFile) => Promise<string>;

/** @see ModelShelf */
export interface ModelShelfOptions {
  readonly folder: string;
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
  readonly #backends = new Map<string, string>();
  readonly #options: ModelShelfOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ModelShelfOptions) {
    const { folder, provers, logger, onChange } = options;
    this.#options = options;
    this.registry = new ModelRegistry({
      folder,
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
        onChange?.(entry);
      },
    });
  }

  /** Loads what there is, then keeps looking until the signal aborts. */
  async start(): Promise<void> {
    const { signal, folder, logger } = this.#options;
    await this.registry.refresh();
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

  /** What computes a model. */
  backendOf(file: ModelFile): string {
    return this.#backends.get(file.fingerprint) ?? '';
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
    const backend = await prover(file);
    this.#backends.set(file.fingerprint, backend);
  }
}
