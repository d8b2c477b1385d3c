import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Network, type NetworkSpec, openKernel } from '@levitate/neural';
import type { Manifest } from '../manifest.ts';
import { ModelError } from '../model-error.ts';
import type { StoredParameter } from '../model-file.ts';
import { kerasChain } from './keras-layers.ts';
import { type KerasSpec, kerasSpec, type WeightedLayer } from './keras-spec.ts';
import { isKeras3Weights, keras3Arrays } from './keras3-weights.ts';
import {
  groupIn,
  type Hdf5Group,
  namesAttribute,
  numbersOf,
  textAttribute,
  withHdf5,
} from './open-hdf5.ts';

/** A Keras file, read and checked: enough to write a model folder of it. */
export interface KerasModel {
  readonly spec: NetworkSpec;
  /** Names and order of our network of that spec; numbers of the file. */
  readonly parameters: readonly StoredParameter[];
  /** For the manifest: which file this was, and who wrote it. */
  readonly origin: Extract<Manifest['origin'], { kind: 'imported' }>;
}

/** What a file says, before it is put into our network. */
interface Content {
  readonly spec: NetworkSpec;
  readonly arrays: readonly { shape: readonly number[]; values: Float32Array }[];
  readonly from: string;
}

/**
 * Reads what `model.save('name.h5')` or `model.save_weights('name.h5')` of Keras wrote. A file of
 * weights says nothing of what is between them (which activation, which layers without weights), so
 * it needs the spec.
 *
 * @param options.spec the network of a file of weights; refused where the file has its own
 * @throws {ModelError} saying which layer, option or array cannot be imported
 */
export async function readKerasFile(
  path: string,
  options: { readonly spec?: NetworkSpec } = {},
): Promise<KerasModel> {
  const { spec, arrays, from } = await withHdf5(path, (file) =>
    contentOf(file, path, options.spec),
  );
  const parameters = await placed(arrays, spec, path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest('hex');
  return { spec, parameters, origin: { kind: 'imported', file: basename(path), sha256, from } };
}

function contentOf(file: Hdf5Group, path: string, given: NetworkSpec | undefined): Content {
  const json = textAttribute(file, 'model_config');
  const weights = groupIn(file, 'model_weights') ?? file;
  const version = textAttribute(file, 'keras_version') ?? textAttribute(weights, 'keras_version');
  const keras = `Keras ${version ?? 'of unknown version'}`;
  if (json === undefined) {
    if (given === undefined) {
      throw refused(
        `${path} holds weights alone, not the network they belong to`,
        "save the whole model (model.save('name.h5')), or give the network's spec",
      );
    }
    if (isKeras3Weights(file)) {
      return { spec: given, arrays: keras3Arrays(file, given), from: 'Keras 3, weights alone' };
    }
    return { spec: given, arrays: everyArray(weights, path), from: `${keras}, weights alone` };
  }
  if (given !== undefined) {
    throw refused(`${path} has its own network`, 'import it without a spec');
  }
  const chain = kerasChain(json, path);
  const { spec, weighted } = kerasSpec(chain, path);
  const from = `${keras}, ${chain.className} ${chain.name}`;
  return { spec, arrays: weighted.flatMap((layer) => arraysOf(weights, layer, path)), from };
}

/** The arrays of one layer in the order Keras made them: kernel, recurrent kernel, bias. */
function arraysOf(weights: Hdf5Group, layer: WeightedLayer, path: string): Content['arrays'] {
  const group = groupIn(weights, layer.name);
  const names = group === undefined ? undefined : namesAttribute(group, 'weight_names');
  if (group === undefined || names === undefined || names.length !== layer.arrays) {
    const found = names === undefined ? 'none' : `${names.length}`;
    throw refused(`${path}: layer ${layer.name} has ${found} of its ${layer.arrays} arrays`);
  }
  const arrays = names.map((name) => numbersOf(group, name));
  const { zeroBias } = layer;
  if (zeroBias === undefined) return arrays;
  return [...arrays, { shape: [zeroBias], values: new Float32Array(zeroBias) }];
}

function everyArray(weights: Hdf5Group, path: string): Content['arrays'] {
  const layers = namesAttribute(weights, 'layer_names');
  if (layers === undefined) throw refused(`${path} has no layer_names, so Keras did not write it`);
  return layers.flatMap((name) => {
    const group = groupIn(weights, name);
    if (group === undefined) throw refused(`${path}: layer ${name} is named and not there`);
    return (namesAttribute(group, 'weight_names') ?? []).map((each) => numbersOf(group, each));
  });
}

/** Each array under the name that our network has for its place, the shapes compared. */
async function placed(
  arrays: Content['arrays'],
  spec: NetworkSpec,
  path: string,
): Promise<StoredParameter[]> {
  const network = openNetwork(spec, await openKernel('typescript'), path);
  const { parameters } = network;
  if (parameters.length !== arrays.length) {
    throw refused(`${path} has ${arrays.length} arrays, its network takes ${parameters.length}`);
  }
  return parameters.map(({ name, shape }, index) => {
    const array = arrays[index] as Content['arrays'][number];
    if (shape.join() !== array.shape.join()) {
      const shapes = `[${array.shape.join(', ')}], its network takes [${shape.join(', ')}]`;
      throw refused(`${path}: the array for ${name} is ${shapes}`);
    }
    if (!array.values.every(Number.isFinite)) {
      throw refused(`${path}: the array for ${name} holds what is no number`);
    }
    return { name, shape, values: array.values };
  });
}

function openNetwork(
  spec: KerasSpec['spec'],
  kernel: Awaited<ReturnType<typeof openKernel>>,
  path: string,
): Network {
  try {
    return new Network(spec, { kernel, seed: 0 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refused(`${path}: its network cannot be built (${why})`, undefined, cause);
  }
}

function refused(
  message: string,
  nextStep = "save the model again from Keras as HDF5: model.save('name.h5')",
  cause?: unknown,
): ModelError {
  return new ModelError({ code: 'shape', message, nextStep, cause });
}
