import type { Kernel, Network, NetworkSpec } from '@levitate/neural';
import { buildNetwork } from '../build-network.ts';
import { ModelError } from '../model-error.ts';
import type { ModelFile } from '../model-file.ts';
import {
  questionInputs,
  RESERVE_FEATURES,
  RESERVE_STATE_FEATURES,
  ReserveState,
  reserveFeatures,
} from './reserve-features.ts';
import { capacityOf } from './reserve-loss.ts';

/** Prices at which a model is asked, dearest reserve last. */
export const RESERVE_PRICES = [
  0.02, 0.04, 0.07, 0.1, 0.14, 0.19, 0.25, 0.32, 0.4, 0.5, 0.62,
] as const;
/** Inputs beyond so many standard deviations are cut. */
const INPUT_MAX = 5;
const ROWS_AT_ONCE = 2048;

/** Means and deviations of the state features in training. */
export interface ReserveMoments {
  means: readonly number[];
  deviations: readonly number[];
}

/** Demand by the second, and the second of the day (UTC) at which it begins. */
export interface DemandSeries {
  demand: Float64Array;
  startSecond: number;
}

/** The network: dense layers, one answer (ln of capacity / reference) for a row. */
export function reserveSpec(units: readonly number[]): NetworkSpec {
  return {
    steps: 1,
    features: RESERVE_FEATURES,
    layers: [
      { kind: 'lastStep' },
      ...units.map((count) => ({ kind: 'dense', units: count, activation: 'tanh' }) as const),
      { kind: 'dense', units: 1, activation: 'linear' },
    ],
  };
}

/** State features of every second of a series, each knowing what lies before it. */
export function reserveStates({ demand, startSecond }: DemandSeries): {
  /** Row by row, `RESERVE_STATE_FEATURES` each. */
  states: Float32Array;
  references: Float64Array;
} {
  const state = new ReserveState(startSecond);
  const states = new Float32Array(demand.length * RESERVE_STATE_FEATURES);
  const references = new Float64Array(demand.length);
  for (let second = 0; second < demand.length; second++) {
    state.features(states, second * RESERVE_STATE_FEATURES);
    references[second] = state.reference;
    state.learn(demand[second] as number);
  }
  return { states, references };
}

/** Write one input row of the network. */
export function reserveInput(
  row: { states: Float32Array; second: number; question: readonly [number, number] },
  moments: ReserveMoments,
  into: { input: Float32Array; at: number },
): void {
  const from = row.second * RESERVE_STATE_FEATURES;
  for (let j = 0; j < RESERVE_STATE_FEATURES; j++) {
    const off = (row.states[from + j] as number) - (moments.means[j] as number);
    const scaled = off / (moments.deviations[j] as number);
    into.input[into.at + j] = Math.max(-INPUT_MAX, Math.min(INPUT_MAX, scaled));
  }
  into.input.set(row.question, into.at + RESERVE_STATE_FEATURES);
}

/** A network that says how much capacity to reserve, at every price. */
export class ReserveModel {
  readonly #network: Network;
  readonly #moments: ReserveMoments;

  constructor(parts: { network: Network; moments: ReserveMoments }) {
    this.#network = parts.network;
    this.#moments = parts.moments;
  }

  /**
   * Capacity to ask for at the start of each second, knowing what lies before it.
   * @returns one array for each of `RESERVE_PRICES`; never more at a higher price
   */
  capacities(series: DemandSeries, delaySeconds: number): Float64Array[] {
    const { states, references } = reserveStates(series);
    const curves = RESERVE_PRICES.map((price) => {
      const question = questionInputs({ price, delaySeconds });
      return this.#answers(states, { references, question });
    });
    for (let cheaper = curves.length - 2; cheaper >= 0; cheaper--) {
      const dearer = curves[cheaper + 1] as Float64Array;
      const own = curves[cheaper] as Float64Array;
      own.forEach((value, second) => {
        own[second] = Math.max(value, dearer[second] as number);
      });
    }
    return curves;
  }

  #answers(
    states: Float32Array,
    { references, question }: { references: Float64Array; question: readonly [number, number] },
  ): Float64Array {
    const capacities = new Float64Array(references.length);
    const input = new Float32Array(ROWS_AT_ONCE * RESERVE_FEATURES);
    for (let from = 0; from < references.length; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, references.length - from);
      for (let row = 0; row < count; row++) {
        const at = row * RESERVE_FEATURES;
        reserveInput({ states, second: from + row, question }, this.#moments, { input, at });
      }
      const output = this.#network.predict(input.subarray(0, count * RESERVE_FEATURES), count);
      for (let row = 0; row < count; row++) {
        const reference = references[from + row] as number;
        capacities[from + row] = capacityOf(output[row] as number, reference);
      }
    }
    return capacities;
  }
}

/**
 * Open a reserve model out of its file.
 * @throws {ModelError} `features` when it was trained on others, `shape` when the network does not
 * fit its weights, `malformed` without moments
 */
export function openReserveModel(file: ModelFile, kernel: Kernel): ReserveModel {
  const { manifest, id } = file;
  const trained = manifest.inputs.features.map(({ name }) => name).join(',');
  if (
    manifest.capability !== 'reserve' ||
    trained !== reserveFeatures.map(({ name }) => name).join(',')
  ) {
    throw refused('features', `${id} was trained on other features than those it would be given`);
  }
  const { means, deviations } = manifest.inputs.normalisation.parameters;
  if (!isMoments(means) || !isMoments(deviations)) {
    throw refused('malformed', `${id} names no means and deviations of its inputs`);
  }
  return new ReserveModel({ network: buildNetwork(file, kernel), moments: { means, deviations } });
}

function isMoments(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === RESERVE_STATE_FEATURES;
}

function refused(code: ModelError['code'], message: string): ModelError {
  return new ModelError({
    code,
    message,
    nextStep: 'restore the folder from the repository, or train the model again (levitate train)',
  });
}
