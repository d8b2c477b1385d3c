import {
  type AnsweringNetwork,
  answeringNetwork,
  type Kernel,
  Network,
  type NetworkSpec,
  type NeuralEngine,
} from '@levitate/neural';
import { ModelError } from './model-error.ts';
import type { ModelFile } from './model-file.ts';

/**
 * The network of a model file with its weights in place.
 * @throws {ModelError} `shape` where the spec builds no network, or another one than the
 *   parameters are of
 */
export function buildNetwork(file: ModelFile, kernel: Kernel): Network {
  const { id, folder, manifest, parameters } = file;
  const problem = (why: string, cause?: unknown): ModelError =>
    new ModelError({
      code: 'shape',
      message: `${id} in ${folder}: ${why}`,
      nextStep: 'restore the folder from the repository, or train the model again',
      cause,
    });
  if (!('layers' in manifest.spec)) throw problem('its spec is no network of layers');
  let network: Network;
  try {
    network = new Network(manifest.spec as NetworkSpec, { kernel, seed: 0 });
  } catch (error) {
    throw problem(`its spec describes no network (${(error as Error).message})`, error);
  }
  if (network.parameters.length !== parameters.length) {
    const counts = `${network.parameters.length} parameters, its file ${parameters.length}`;
    throw problem(`its network has ${counts}`);
  }
  for (const [index, stored] of parameters.entries()) {
    const own = network.parameters[index];
    if (own === undefined || own.shape.join() !== stored.shape.join()) {
      const shapes = `${own?.shape.join(' x ')}, its file ${stored.shape.join(' x ')}`;
      throw problem(`parameter ${stored.name} of its network is ${shapes}`);
    }
    own.values.set(stored.values);
  }
  return network;
}

/**
 * As `buildNetwork`, on tfjs as well as on a kernel of ours: for models that answer whole windows.
 * @throws {ModelError} as that
 */
export function buildAnsweringNetwork(file: ModelFile, engine: NeuralEngine): AnsweringNetwork {
  if (!('tf' in engine)) return buildNetwork(file, engine);
  try {
    return answeringNetwork(engine, file.manifest.spec as NetworkSpec, file.parameters as never);
  } catch (error) {
    throw new ModelError({
      code: 'shape',
      message: `${file.id} in ${file.folder}: ${(error as Error).message}`,
      nextStep: 'restore the folder from the repository, or train the model again',
      cause: error,
    });
  }
}

/**
 * Refuses a model of features that its caller cannot give.
 * @param known names of features, in any order
 * @throws {ModelError} `features`
 */
export function checkFeatures(file: ModelFile, known: readonly string[]): void {
  const strange = file.manifest.inputs.features.find(({ name }) => !known.includes(name));
  if (strange === undefined) return;
  throw new ModelError({
    code: 'features',
    message:
      `${file.id} in ${file.folder} was trained on ${JSON.stringify(strange.name)}, ` +
      `and there is only ${known.join(', ')}`,
    nextStep: 'use a model of these features, or train it again with them',
  });
}
