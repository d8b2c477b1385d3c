import {
  LinkForecaster,
  type ObservedSample,
  type OnsetForecast,
  type OnsetForecaster,
  statisticalForecasters,
} from '@levitate/forecast';
import {
  type BurstModel,
  isRequestOnsets,
  LEARNED_FORECASTER,
  type ModelFile,
  openBurstModel,
  openRequestOnsets,
  REQUEST_ONSETS,
  RequestOnsetForecaster,
  type RequestOnsets,
  statisticalBeside,
} from '@levitate/models';
import { type Kernel, type NeuralBackend, openKernel } from '@levitate/neural';
import type { Forecaster } from './link-forecasts.ts';

/**
 * The burst models in service: one network for all links with a state for each, and one for links
 * that count requests by the second. One step a link and second, short enough for the event loop.
 */
export class BurstModels {
  readonly #kernelName: Exclude<NeuralBackend, 'tfjs'>;
  #kernel: Promise<Kernel> | undefined;
  #current: BurstModel | undefined;
  #requests: RequestBursts | undefined;
  readonly #proven = new Map<string, Proven>();

  /** @param backend `tfjs` keeps no state from step to step: our own kernel stands in for it */
  constructor(backend: NeuralBackend) {
    this.#kernelName = backend === 'tfjs' ? 'auto' : backend;
  }

  /** The model that takes part on every link; undefined while there is none. */
  get current(): BurstModel | undefined {
    return this.#current;
  }

  /**
   * Builds a model and asks it something.
   * @returns the name of its kernel
   * @throws {ModelError}
   */
  async prove(file: ModelFile): Promise<string> {
    this.#kernel ??= openKernel(this.#kernelName);
    const kernel = await this.#kernel;
    this.#proven.set(
      file.fingerprint,
      isRequestOnsets(file)
        ? { kind: 'requests', model: requestBursts(openRequestOnsets(file, kernel)) }
        : { kind: 'traffic', model: openBurstModel(file, kernel) },
    );
    return kernel.name;
  }

  /** Takes the first of the registry's models of each kind into service. */
  serve(files: readonly ModelFile[]): void {
    const proven = files.flatMap(({ fingerprint }) => this.#proven.get(fingerprint) ?? []);
    this.#current = proven.find((each) => each.kind === 'traffic')?.model;
    this.#requests = proven.find((each) => each.kind === 'requests')?.model;
    const known = new Set(files.map(({ fingerprint }) => fingerprint));
    for (const fingerprint of this.#proven.keys()) {
      if (!known.has(fingerprint)) this.#proven.delete(fingerprint);
    }
  }

  /** The name under which a model takes part on links; undefined for one that does not. */
  forecasterOf({ fingerprint }: Pick<ModelFile, 'fingerprint'>): string | undefined {
    const proven = this.#proven.get(fingerprint);
    if (proven?.kind === 'requests') {
      return proven.model === this.#requests && proven.model.hasWon ? REQUEST_ONSETS : undefined;
    }
    const isCurrent = proven !== undefined && proven.model === this.#current;
    return isCurrent && proven.model.wins.length > 0 ? LEARNED_FORECASTER : undefined;
  }

  /**
   * A forecaster of one link: the statistical ones; where there is a model that won a class on
   * validation, the learned one in the place of what it beat there; and the model of request
   * bursts, which speaks on links that count requests by the second alone.
   */
  newLinkForecaster(options: { link: string; horizonS: number }): Forecaster {
    return new LinkForecaster({
      ...options,
      newForecasters: () => {
        const { current } = this;
        const requests = this.#requests?.hasWon
          ? [new ReloadedForecaster(REQUEST_ONSETS, () => this.#requests)]
          : [];
        if (current === undefined || current.wins.length === 0) {
          return [...statisticalForecasters(), ...requests];
        }
        const learned = new ReloadedForecaster(LEARNED_FORECASTER, () => this.#current);
        // Where it is calibrated it comes before the other, whose traffic requests are not.
        return [...statisticalBeside(current), ...requests, learned];
      },
    });
  }
}

/** What makes forecasters that know nothing of their link yet. */
interface ForecasterSource {
  newForecaster(): OnsetForecaster;
}

/** The model of request bursts, with its forecasters. */
interface RequestBursts extends ForecasterSource {
  hasWon: boolean;
}

/** A model that was built and asked something. */
type Proven = { kind: 'traffic'; model: BurstModel } | { kind: 'requests'; model: RequestBursts };

function requestBursts(onsets: RequestOnsets): RequestBursts {
  const { hasWon } = onsets;
  return { hasWon, newForecaster: () => new RequestOnsetForecaster(onsets) };
}

/** A learned forecaster of one link, begun anew with the model that a hot reload brings. */
class ReloadedForecaster implements OnsetForecaster {
  readonly name: string;
  readonly #current: () => ForecasterSource | undefined;
  #model: ForecasterSource | undefined;
  #forecaster: OnsetForecaster | undefined;

  constructor(name: string, current: () => ForecasterSource | undefined) {
    this.name = name;
    this.#current = current;
  }

  get isCalibrated(): boolean {
    return this.#forecaster?.isCalibrated === true;
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
