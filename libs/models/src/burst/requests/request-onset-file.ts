import { type Kernel, Network, type NetworkSpec } from '@levitate/neural';
import { ModelError } from '../../model-error.ts';
import type { ModelFile, StoredParameter } from '../../model-file.ts';
import { networkSchema } from '../../network-schema.ts';
import { ClockProfile, profileTables } from './clock-profile.ts';
import { requestFeatureNames } from './request-features.ts';
import { RequestOnsetModel } from './request-onset-model.ts';

/** Name of the model, of its forecaster, and of it where it won a class. */
export const REQUEST_ONSETS = 'onsets';

/** A model of request bursts that is ready to serve. */
export interface RequestOnsets {
  id: string;
  model: RequestOnsetModel;
  /** Platt's map on the log odds, fitted on days that were not learned from. */
  slope: number;
  intercept: number;
  /** It won its class on validation. */
  hasWon: boolean;
}

/** Whether a file of the burst capability holds a model of request bursts. */
export function isRequestOnsets({ manifest }: Pick<ModelFile, 'manifest'>): boolean {
  return manifest.capability === 'burst' && manifest.name === REQUEST_ONSETS;
}

/** What a file keeps of a model: the members, one after the other, and the profile. */
export function requestOnsetParameters({ members, profile }: RequestOnsetModel): StoredParameter[] {
  return [
    ...members.flatMap(({ parameters }, member) =>
      parameters.map(({ name, shape, values }) => ({
        name: `member ${member + 1}/${name}`,
        shape,
        values,
      })),
    ),
    ...profile.tables.map(({ name, values }) => ({
      name,
      shape: [values.length],
      values: Float32Array.from(values),
    })),
  ];
}

/**
 * Open a model of request bursts out of its file.
 * @throws {ModelError} `features` when it was trained on others, `shape` when its parameters are
 * not those of its networks and its profile, `malformed` without moments or Platt's map
 */
export function openRequestOnsets(file: ModelFile, kernel: Kernel): RequestOnsets {
  const { manifest, id, parameters } = file;
  const trained = manifest.inputs.features.map(({ name }) => name).join(',');
  if (trained !== requestFeatureNames.map(({ name }) => name).join(',')) {
    throw refused('features', `${id} was trained on other features than those it would be given`);
  }
  const parsed = networkSchema.safeParse(manifest.spec);
  if (!parsed.success) throw refused('shape', `${id} holds no network`);
  const { means, deviations } = manifest.inputs.normalisation.parameters;
  const { probability } = manifest.calibration;
  if (!isOf(means, requestFeatureNames) || !isOf(deviations, requestFeatureNames)) {
    throw refused('malformed', `${id} names no means and deviations of its inputs`);
  }
  if (probability?.kind !== 'platt') {
    throw refused('malformed', `${id} names no Platt map in its calibration`);
  }
  const stored = parameters.slice(0, parameters.length - profileTables.length);
  const members = membersOf(stored, { spec: parsed.data as NetworkSpec, kernel, id });
  const profile = profileOf(parameters.slice(stored.length), id);
  const moments = { means: Float64Array.from(means), deviations: Float64Array.from(deviations) };
  const model = new RequestOnsetModel({ members, profile, moments });
  const { slope, intercept } = probability;
  const hasWon = Object.values(manifest.classes).some(({ winner }) => winner === REQUEST_ONSETS);
  return { id, model, slope, intercept, hasWon };
}

function membersOf(
  stored: readonly StoredParameter[],
  { spec, kernel, id }: { spec: NetworkSpec; kernel: Kernel; id: string },
): Network[] {
  const members: Network[] = [];
  let at = 0;
  while (at < stored.length) {
    const network = new Network(spec, { kernel, seed: 0 });
    for (const parameter of network.parameters) {
      const { shape, values } = stored[at++] ?? { shape: [], values: new Float32Array(0) };
      if (shape.join() !== parameter.shape.join()) {
        throw refused('shape', `${id}: parameter ${at} is not the ${parameter.name} of a member`);
      }
      parameter.values.set(values);
    }
    members.push(network);
  }
  if (members.length === 0) throw refused('shape', `${id} has no members`);
  return members;
}

function profileOf(stored: readonly StoredParameter[], id: string): ClockProfile {
  return new ClockProfile(
    profileTables.map(({ name, length }, index) => {
      const values = Float64Array.from(stored[index]?.values ?? []);
      if (stored[index]?.name === name && values.length === length) return { name, values };
      throw refused('shape', `${id} has no ${name} of ${length} numbers`);
    }),
  );
}

function isOf(value: unknown, names: readonly unknown[]): value is number[] {
  return Array.isArray(value) && value.length === names.length;
}

function refused(code: ModelError['code'], message: string): ModelError {
  return new ModelError({
    code,
    message,
    nextStep: 'restore the folder from the repository, or train the model again (levitate train)',
  });
}
