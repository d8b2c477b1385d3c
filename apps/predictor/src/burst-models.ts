import {
  LinkForecaster,
  type ObservedSample,
  type OnsetForecast,
  type OnsetForecaster,
  statisticalForecasters,
} from '@levitate/forecast';
import {
  type BurstModel,
  LEARNED_FORECASTER,
  type ModelFile,
  openBurstModel,
  statisticalBeside,
} from '@levitate/models';
import { type Kernel, type NeuralBackend, openKernel } from '@levitate/neural';
import type { Forecaster } from './link-forecasts.ts';

/**
 * The burst model in service, one network for all links with a state for each: one step a link and
 * second, short enough for the event loop.
 */
export class BurstModels {
  readonly #kernelName: Exclude<NeuralBackend, 'tfjs'>;
  #kernel: Promise<Kernel> | undefined;
  #current: { model: BurstModel; file: ModelFile } | undefined;
  readonly #proven = new Map<string, BurstModel>();

  /** @param backend `tfjs` keeps no state from step to step: our own kernel stands in for it */
  constructor(backend: NeuralBackend) {
    this.#kernelName = backend === 'tfjs' ? 'auto' : backend;
  }

  /** The model that takes part on every link; undefined while there is none. */
  get current(): BurstModel | undefined {
    return this.#current?.model;
  }

  /**
   * Builds a model and asks it something.
   * @returns the name of its kernel
   * @throws {ModelError}
   */
  async prove(file: ModelFile): Promise<string> {
    this.#kernel ??= openKernel(this.#kernelName);
    const kernel = await this.#kernel;
    this.#proven.set(file.fingerprint, openBurstModel(file, kernel));
    return kernel.name;
  }

  /** Takes the first of the registry's burst models into service. */
  serve(files: readonly ModelFile[]): void {
    const [file] = files;
    const model = file === undefined ? undefined : this.#proven.get(file.fingerprint);
    this.#current = file && model && { model, file };
    for (const fingerprint of this.#proven.keys()) {
      if (fingerprint !== file?.fingerprint) this.#proven.delete(fingerprint);
    }
  }

  /**
   * A forecaster of one link: the statistical ones; where there is a model that won a class on
   * validation, the learned one in the place of what it beat there.
   */
  newLinkForecaster(options: { link: string; horizonS: number }): Forecaster {
    return new LinkForecaster({
      ...options,
      newForecasters: () => {
        const { current } = this;
        if (current === undefined || current.wins.length === 0) return statisticalForecasters();
        return [...statisticalBeside(current), new ReloadedForecaster(() => this.current)];
      },
    });
  }
}

/** The learned forecaster of one link, begun anew with the model that a hot reload brings. */
class ReloadedForecaster implements OnsetForecaster {
  readonly name = LEARNED_FORECASTER;
  readonly #current: () => BurstModel | undefined;
  #model: BurstModel | undefined;
  #forecaster: OnsetForecaster | undefined;

  constructor(current: () => BurstModel | undefined) {
    this.#current = current;
  }

  get isCalibrated(): boolean {
    return this.#forecaster !== undefined;
  }

  learn(observed: ObservedSample): void {
    const current = this.#current();
    if (current !== this.#model) {
      this.#model = current;
      this.#forecaster = current?.newForecaster();
    }
    this.#forecaster?.learn(observed);
  }

  forecast(horizonS: number): OnsetForecast {
    return this.#forecaster?.forecast(horizonS) ?? { abstained: 'untrusted', probability: 0 };
  }
}
