import type { SeededRandom } from '@levitate/clock';
import type { LossFunction, Network, NetworkSpec, TrainingTask } from '@levitate/neural';
import { BurstCorpus } from './burst-corpus.ts';
import { burstLoss, HEAD_OUTPUTS, type TruthBatch } from './burst-head.ts';
import { BURST_FEATURES } from './second-features.ts';

/** Steps of one window (SPEC 3.1). */
export const BURST_STEPS = 60;
/** The first seconds of a window say little; their truth is not asked for. */
const SETTLING_STEPS = 8;
/** The corpus is small beside the networks: without it they learn it by heart in ten epochs. */
const DROPOUT = 0.2;

/** Options of the task, plain data: each worker opens it for itself. */
export interface BurstTaskOptions {
  spec: NetworkSpec;
  /** `every`: the network answers at each step; `last`: at the last alone. */
  answers: 'every' | 'last';
  trainingFile: string;
  validationFile: string;
  /** Windows of one epoch. */
  windows: number;
  validationWindows: number;
}

/** This module, for `train`, whose workers open the task for themselves. */
export const burstTaskModule = new URL(import.meta.url);

/** Opened by `train` in each of its workers. */
export function openTask(options: unknown): TrainingTask {
  return new BurstTask(options as BurstTaskOptions);
}

class BurstTask implements TrainingTask {
  readonly spec: NetworkSpec;
  readonly trainingCount: number;
  readonly #options: BurstTaskOptions;
  readonly #training: BurstCorpus;
  readonly #validation: BurstCorpus;

  constructor(options: BurstTaskOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.trainingCount = options.windows;
    this.#training = BurstCorpus.read(options.trainingFile);
    this.#validation = BurstCorpus.read(options.validationFile);
  }

  /** Windows at random places: the index only counts them, so that no epoch repeats another. */
  fill(indices: readonly number[], random: SeededRandom) {
    const places = indices.map(() => ({
      trace: Math.floor(random.float() * this.#training.traces),
      second: Math.floor(random.float() * (this.#training.seconds - BURST_STEPS + 1)),
    }));
    return this.#windows(this.#training, places);
  }

  /** Mean loss over evenly spread windows. */
  validate(network: Network): number {
    const { validationWindows } = this.#options;
    const batch = 64;
    let sum = 0;
    for (let from = 0; from < validationWindows; from += batch) {
      const count = Math.min(batch, validationWindows - from);
      const places = Array.from({ length: count }, (_, i) => this.#validationPlace(from + i));
      const { input, loss } = this.#windows(this.#validation, places);
      const output = network.predict(input, count);
      sum += count * loss(output, new Float32Array(output.length), count);
    }
    return sum / validationWindows;
  }

  #validationPlace(index: number): { trace: number; second: number } {
    const { traces, seconds } = this.#validation;
    const trace = index % traces;
    const turn = Math.floor(index / traces);
    // A stride that shares no factor with usual lengths visits all phases of a trace.
    return { trace, second: (turn * 97) % (seconds - BURST_STEPS + 1) };
  }

  #windows(corpus: BurstCorpus, places: readonly { trace: number; second: number }[]) {
    const isEvery = this.#options.answers === 'every';
    const input = new Float32Array(places.length * BURST_STEPS * BURST_FEATURES);
    const answers = isEvery ? BURST_STEPS : 1;
    const truth: TruthBatch = {
      timeS: new Float32Array(places.length * answers),
      logMagnitude: new Float32Array(places.length * answers),
    };
    places.forEach(({ trace, second }, index) => {
      for (let step = 0; step < BURST_STEPS; step++) {
        const at = (index * BURST_STEPS + step) * BURST_FEATURES;
        const known = corpus.second({ trace, second: second + step }, { input, at });
        if (!isEvery && step < BURST_STEPS - 1) continue;
        const place = isEvery ? index * BURST_STEPS + step : index;
        const isAsked = !isEvery || step >= SETTLING_STEPS;
        truth.timeS[place] = isAsked ? known.timeS : Number.NaN;
        truth.logMagnitude[place] = known.logMagnitude;
      }
    });
    const loss: LossFunction = (output, gradient) => burstLoss(truth, output, gradient);
    return { input, loss };
  }
}

/** The LSTM of SPEC 3.1: it answers at every step and can carry its state from step to step. */
export function burstLstmSpec({ units = 128, layers = 3 } = {}): NetworkSpec {
  return {
    steps: BURST_STEPS,
    features: BURST_FEATURES,
    layers: [
      ...Array.from({ length: layers }, () => [
        { kind: 'lstm' as const, units, returnSequences: true },
        { kind: 'dropout' as const, rate: DROPOUT },
      ]).flat(),
      { kind: 'dense', units: HEAD_OUTPUTS, activation: 'linear' },
    ],
  };
}

/** The Transformer encoder it is compared with; it reads whole windows. */
export function burstTransformerSpec({ width = 64, layers = 2, heads = 4 } = {}): NetworkSpec {
  return {
    steps: BURST_STEPS,
    features: BURST_FEATURES,
    layers: [
      { kind: 'dense', units: width, activation: 'linear' },
      { kind: 'positions' },
      ...Array.from({ length: layers }, () => ({
        kind: 'encoder' as const,
        heads,
        feedForward: 2 * width,
        dropout: DROPOUT,
      })),
      { kind: 'lastStep' },
      { kind: 'dense', units: HEAD_OUTPUTS, activation: 'linear' },
    ],
  };
}
