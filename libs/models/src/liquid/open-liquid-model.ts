import { type LiquidEnd, LiquidNetwork, openLiquidEnd } from '@levitate/neural';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { ModelError } from '../model-error.ts';
import type { ModelFile, StoredParameter } from '../model-file.ts';
import { LiquidEnsemble } from './liquid-ensemble.ts';
import { type LiquidSpec, liquidSpecSchema } from './liquid-spec.ts';
import { PATH_INPUTS } from './path-features.ts';
import { pathFeatureNames } from './path-observation.ts';

/**
 * The ensemble in a model file.
 * @param open what computes each member; default the fastest there is
 * @throws {ModelError} `features` for other features, `shape` for parameters that make no network
 */
export async function openLiquidModel(
  file: ModelFile,
  open: (network: LiquidNetwork) => LiquidEnd | Promise<LiquidEnd> = openLiquidEnd,
): Promise<LiquidEnsemble> {
  const { manifest } = file;
  const spec = liquidSpecSchema.safeParse(manifest.spec);
  if (!spec.success) throw refused('shape', `${file.folder}: ${spec.error.issues[0]?.message}`);
  const found = manifest.inputs.features.map(({ name }) => name).join(', ');
  const expected = pathFeatureNames.map(({ name }) => name).join(', ');
  if (found !== expected) {
    throw refused('features', `${file.folder} takes ${found}; a path has ${expected}`);
  }
  const variance = manifest.calibration.other?.target_variance;
  if (!Array.isArray(variance) || variance.length !== HORIZON) {
    throw refused(
      'shape',
      `${file.folder}: calibration.other.target_variance is no ${HORIZON} numbers`,
    );
  }
  const networks = networksOf(file, spec.data);
  const ends = await Promise.all(networks.map(open));
  const { senses } = spec.data;
  return new LiquidEnsemble({ id: file.id, networks, ends, senses, targetVariance: variance });
}

function networksOf({ parameters, folder }: ModelFile, spec: LiquidSpec): LiquidNetwork[] {
  return Array.from({ length: spec.members }, (_, member) => {
    const prefix = memberPrefix(member);
    const own = parameters.filter(({ name }) => name.startsWith(prefix));
    const arrays = own.map(({ name, shape, values }) => [
      name.slice(prefix.length),
      { shape, data: values },
    ]);
    let network: LiquidNetwork;
    try {
      network = new LiquidNetwork({ config: spec.config, parameters: Object.fromEntries(arrays) });
    } catch (cause) {
      throw refused('shape', `${folder}: member ${member}: ${(cause as Error).message}`, cause);
    }
    if (network.inputs === PATH_INPUTS && network.outputs === HORIZON) return network;
    const sizes = `${network.inputs} inputs and ${network.outputs} outputs`;
    throw refused('shape', `${folder}: member ${member} has ${sizes}`);
  });
}

/** The parameters of an ensemble, for a model file. */
export function storedParameters(networks: readonly LiquidNetwork[]): StoredParameter[] {
  return networks.flatMap((network, member) =>
    Object.entries(network.parameters.arrays()).map(([name, { shape, data }]) => ({
      name: `${memberPrefix(member)}${name}`,
      shape,
      values: Float64Array.from(data),
    })),
  );
}

function memberPrefix(member: number): string {
  return `member_${member}.`;
}

function refused(code: 'shape' | 'features', message: string, cause?: unknown): ModelError {
  const nextStep = 'train it again: levitate train liquid';
  return new ModelError({ code, message, nextStep, cause });
}
