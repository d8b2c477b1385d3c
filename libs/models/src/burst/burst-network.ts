import { type Kernel, Network } from '@levitate/neural';
import { ModelError } from '../model-error.ts';
import type { ModelFile } from '../model-file.ts';
import { networkSchema } from '../network-schema.ts';
import { HEAD_OUTPUTS } from './burst-head.ts';
import { LearnedOnsetForecaster, type LearnedOnsetSettings } from './learned-onset-forecaster.ts';
import { burstFeatures } from './second-features.ts';

/** A burst model that is ready to serve: one network for all links, a forecaster for each. */
export interface BurstModel {
  id: string;
  network: Network;
  settings: LearnedOnsetSettings;
  /** Classes of generated traffic that the learned model won on the validation part. */
  wins: readonly string[];
  /** A forecaster that knows nothing of its link yet. */
  newForecaster(): LearnedOnsetForecaster;
}

/** Name under which the learned model stands beside the statistical ones. */
export const LEARNED_FORECASTER = 'learned';

/**
 * Open a burst model out of its file.
 * @throws {ModelError} `features` when it was trained on others, `shape` when the network does not
 * fit its weights
 */
export function openBurstModel(file: ModelFile, kernel: Kernel): BurstModel {
  const { manifest, id } = file;
  const trained = manifest.inputs.features.map(({ name }) => name).join(',');
  const given = burstFeatures.map(({ name }) => name).join(',');
  if (manifest.capability !== 'burst' || trained !== given) {
    throw refused('features', `${id} was trained on other features than those it would be given`);
  }
  const parsed = networkSchema.safeParse(manifest.spec);
  if (!parsed.success) throw refused('shape', `${id} holds no network`);
  const network = new Network(parsed.data, { kernel, seed: 0 });
  if (network.parameters.length !== file.parameters.length) {
    throw refused(
      'shape',
      `${id} has ${file.parameters.length} parameters, not those of its network`,
    );
  }
  network.parameters.forEach((parameter, index) => {
    const stored = file.parameters[index];
    if (stored === undefined || stored.values.length !== parameter.values.length) {
      throw refused('shape', `${id}: parameter ${parameter.name} has another shape`);
    }
    parameter.values.set(stored.values);
  });
  const settings = settingsOf(file);
  const wins = Object.entries(manifest.classes)
    .filter(([, { winner }]) => winner === LEARNED_FORECASTER)
    .map(([name]) => name);
  const state = network.openState(1);
  const answer = network.step(new Float32Array(burstFeatures.length), state);
  if (answer.length !== HEAD_OUTPUTS || !answer.every(Number.isFinite)) {
    throw refused('unsound', `${id} does not answer with ${HEAD_OUTPUTS} finite numbers`);
  }
  const newForecaster = () =>
    new LearnedOnsetForecaster({ network, settings, name: LEARNED_FORECASTER });
  return { id, network, settings, wins, newForecaster };
}

function settingsOf({ manifest, id }: ModelFile): LearnedOnsetSettings {
  const { probability, other } = manifest.calibration;
  const announceFrom = other?.announce_from;
  if (probability?.kind !== 'platt' || typeof announceFrom !== 'number') {
    throw refused('malformed', `${id} names no Platt map and no announce_from in its calibration`);
  }
  return { slope: probability.slope, intercept: probability.intercept, announceFrom };
}

function refused(code: ModelError['code'], message: string): ModelError {
  return new ModelError({
    code,
    message,
    nextStep: 'restore the folder from the repository, or train the model again (levitate train)',
  });
}
