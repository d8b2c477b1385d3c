import { contracts, type predictor } from '@levitate/contracts';
import { connect, RpcError, type TlsFiles } from '@levitate/grpc-kit';
import { KeptAnswer } from './kept-answer.ts';
import { knownWord } from './known-word.ts';
import type { ModelClassView, ModelPageView, ModelsView, ModelView } from './model-view.ts';

const states = ['serving', 'standby', 'demoted', 'refused'] as const;

/** @see ModelFeed */
export interface ModelFeedOptions {
  readonly address: string;
  readonly tls: TlsFiles | undefined;
}

/** The predictor's models, asked when somebody looks and at most once a second. */
export class ModelFeed {
  readonly #address: string;
  readonly #client: ReturnType<typeof connect<predictor.ModelServiceMethods>>;
  readonly #models = new KeptAnswer({ ask: () => this.#asked(), keptMs: 1_000 });

  constructor({ address, tls }: ModelFeedOptions) {
    this.#address = address;
    this.#client = connect(contracts.models, { address, tls, deadlineMs: 2_000 });
  }

  /** Every model; without any, why. */
  list(): Promise<ModelsView> {
    return this.#models.get(performance.now());
  }

  /** One model with its report; undefined where the predictor has none of that name. */
  async page(name: string): Promise<ModelPageView | undefined> {
    try {
      const { status, report } = await this.#client.getModel({ name });
      return status === null ? undefined : { model: viewOf(status), report };
    } catch (error) {
      if (error instanceof RpcError) return undefined;
      throw error;
    }
  }

  close(): void {
    this.#client.close();
  }

  async #asked(): Promise<ModelsView> {
    try {
      const { models } = await this.#client.listModels({});
      const why = 'No model file is there; the baselines serve.';
      return { models: models.map(viewOf), why: models.length === 0 ? why : '' };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { models: [], why: `The predictor at ${this.#address} does not answer.` };
    }
  }
}

function viewOf(status: predictor.ModelStatus): ModelView {
  const { name, version, capability, family, description, why, backend, parameters } = status;
  const { drift } = status;
  return {
    ...{ name, version, capability, family, description, why, backend, parameters },
    state: knownWord(status.state, states),
    classes: status.classes.map(classOf),
    online: status.online,
    drift: drift && {
      ...{ statistic: drift.statistic, value: drift.value, threshold: drift.threshold },
      ...{ isRaised: drift.alarm, count: drift.count },
    },
  };
}

function classOf({
  trafficClass,
  winner,
  chosenBy,
  metrics,
}: predictor.ModelClass): ModelClassView {
  // Some manifests say more than the metric's name: "accuracy (1 - WAPE ...)".
  const isChosen = (metric: string) => chosenBy === metric || chosenBy.startsWith(`${metric} `);
  const rows = metrics
    .filter(({ metric }) => isChosen(metric))
    .map(({ forecaster, validation, test }) => ({
      ...{ forecaster, validation: validation ?? null, test: test ?? null },
    }));
  return { trafficClass, winner, chosenBy, rows };
}
