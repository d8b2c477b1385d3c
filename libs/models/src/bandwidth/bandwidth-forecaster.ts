import type { AnsweringNetwork, NeuralEngine } from '@levitate/neural';
import { buildAnsweringNetwork, checkFeatures } from '../build-network.ts';
import { ModelError } from '../model-error.ts';
import type { ModelFile } from '../model-file.ts';
import type { BandwidthModel, PathForecast, PathWindow } from '../served-model.ts';
import { bandwidthFeatureNames, encodeWindow, type LearnedInputs } from './bandwidth-features.ts';
import { SERVED_STEPS } from './bandwidth-network.ts';
import {
  BANDWIDTH_OUTPUTS,
  type BandwidthForecast,
  type ConformalOffsets,
  decodeForecast,
} from './bandwidth-outputs.ts';
import { lastAnswers } from './bandwidth-validation.ts';
import { SEQUENCE } from './bandwidth-windows.ts';

/** Windows that go through the network at once; more would only take more memory. */
const BATCH = 64;

/** What a forecaster is made of. */
export interface BandwidthForecasterParts {
  /** `name@version`. */
  id: string;
  /** Trained from different seeds; the forecast is that of their mean answer. */
  members: readonly [AnsweringNetwork, ...AnsweringNetwork[]];
  learned: LearnedInputs;
  offsets?: ConformalOffsets | undefined;
}

/** The learned bandwidth model in use: windows in, forecasts in bytes/s out, nothing carried. */
export class BandwidthForecaster implements BandwidthModel {
  readonly id: string;
  readonly #parts: BandwidthForecasterParts;

  constructor(parts: BandwidthForecasterParts) {
    this.id = parts.id;
    this.#parts = parts;
  }

  get backend(): string {
    return this.#parts.members[0].backend;
  }

  forecast(windows: readonly PathWindow[]): PathForecast[] {
    return this.forecasts(windows).map(({ steps }) => ({
      mean: steps.map(({ mean }) => mean),
      q10: steps.map(({ q10 }) => q10),
      q50: steps.map(({ q50 }) => q50),
      q90: steps.map(({ q90 }) => q90),
    }));
  }

  /** As `forecast`, with the quantiles of the mean over the ten seconds. */
  forecasts(windows: readonly PathWindow[]): BandwidthForecast[] {
    const { members, learned, offsets } = this.#parts;
    const read = members[0].spec.steps;
    const forecasts: BandwidthForecast[] = [];
    for (let start = 0; start < windows.length; start += BATCH) {
      const encoded = windows
        .slice(start, start + BATCH)
        .map((window) => encodeWindow(newest(window), { learned, read }));
      const inputs = encoded.map(({ input }) => input);
      for (const [index, answer] of meanAnswers(members, inputs).entries()) {
        const { base, scale } = encoded[index] as (typeof encoded)[number];
        const unit = { base: base.at(-1) as number, scale: scale.at(-1) as number };
        forecasts.push(decodeForecast(answer, unit, offsets));
      }
    }
    return forecasts;
  }
}

/**
 * The forecaster of a model file.
 * @throws {ModelError} `features` where it was trained on others, `shape` for another network
 */
export function openBandwidthModel(file: ModelFile, engine: NeuralEngine): BandwidthForecaster {
  checkFeatures(file, bandwidthFeatureNames);
  const { inputs, calibration } = file.manifest;
  const names = inputs.features.map(({ name }) => name).join();
  const members = bandwidthMembers(file, engine);
  const isOurs = names === bandwidthFeatureNames.join() && inputs.stepMs === 1000;
  if (!isOurs || members[0].outputs % BANDWIDTH_OUTPUTS !== 0) {
    throw new ModelError({
      code: 'features',
      message: `${file.id} in ${file.folder}: inputs or outputs are not those of this release`,
      nextStep: 'train it again: levitate train bandwidth',
    });
  }
  const { parameters } = inputs.normalisation;
  const learned = {
    roundTrip: parameters.learned_round_trip === 1,
    loss: parameters.learned_loss === 1,
    time: parameters.learned_time === 1,
  };
  const [horizon, ...steps] = (calibration.conformal?.offsets ?? []).map(([low = 0, high = 0]) => ({
    low,
    high,
  }));
  const offsets = horizon === undefined ? undefined : { horizon, steps };
  return new BandwidthForecaster({ id: file.id, members, learned, offsets });
}

/**
 * The networks of a bandwidth model. In the file their weights stand one after the other; each
 * reads `SERVED_STEPS`.
 * @throws {ModelError} `shape` where the weights are not those of so many networks
 */
export function bandwidthMembers(
  file: ModelFile,
  engine: NeuralEngine,
): [AnsweringNetwork, ...AnsweringNetwork[]] {
  const { parameters } = file;
  const spec = { ...file.manifest.spec, steps: Math.min(SERVED_STEPS, file.manifest.inputs.steps) };
  const manifest = { ...file.manifest, spec };
  const count = Number(manifest.calibration.other?.members ?? 1);
  const size = parameters.length / count;
  const member = (index: number) =>
    buildAnsweringNetwork(
      { ...file, manifest, parameters: parameters.slice(index * size, (index + 1) * size) },
      engine,
    );
  return [member(0), ...Array.from({ length: count - 1 }, (_, index) => member(index + 1))];
}

function meanAnswers(
  members: readonly AnsweringNetwork[],
  inputs: readonly Float32Array[],
): Float32Array[] {
  const [first = [], ...others] = members.map((network) => lastAnswers(network, inputs));
  return first.map((answer, index) =>
    answer.map((value, at) => {
      const rest = others.reduce((sum, each) => sum + (each[index]?.[at] ?? 0), 0);
      return (value + rest) / members.length;
    }),
  );
}

function newest(window: PathWindow): PathWindow {
  const from = Math.max(0, window.bandwidth.length - SEQUENCE);
  if (from === 0) return window;
  const { bandwidth, roundTrip, loss } = window;
  return {
    ...window,
    bandwidth: bandwidth.subarray(from),
    roundTrip: roundTrip.subarray(from),
    loss: loss.subarray(from),
  };
}
