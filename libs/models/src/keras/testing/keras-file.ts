import type { Parameter } from '@levitate/neural';
import h5wasm, { type Group } from 'h5wasm/node';

/** A layer of a Keras file as a test wants it. */
export interface WrittenLayer {
  readonly className: string;
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** In the order and with the names that Keras gives: `kernel`, `recurrent_kernel`, `bias`. */
  readonly arrays?: readonly (readonly [string, Omit<Parameter, 'name'>])[];
}

/** For tests: writes an HDF5 file laid out as Keras lays it out. */
export async function writeKerasFile(options: {
  readonly path: string;
  readonly layers: readonly WrittenLayer[];
  /** The architecture; `undefined` writes a file of weights alone. */
  readonly architecture?: unknown;
  readonly version?: string;
}): Promise<void> {
  const { path, layers, architecture, version = '2.15.0' } = options;
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  try {
    if (architecture !== undefined) {
      file.create_attribute('model_config', JSON.stringify(architecture));
      file.create_attribute('keras_version', version);
      writeWeights(file.create_group('model_weights'), layers);
    } else {
      file.create_attribute('keras_version', version);
      writeWeights(file, layers);
    }
  } finally {
    file.close();
  }
}

/** What Keras 2 stores of a Sequential model with this input shape. */
export function sequential(
  layers: readonly WrittenLayer[],
  inputShape: readonly (number | null)[],
): unknown {
  const input = { batch_input_shape: inputShape, name: 'input', dtype: 'float32' };
  return {
    class_name: 'Sequential',
    config: {
      name: 'bandwidth_lstm',
      layers: [{ class_name: 'InputLayer', config: input }, ...layers.map(described)],
    },
  };
}

/** What Keras 3 stores of a functional model that is a chain, before `change`. */
export function functional(
  layers: readonly WrittenLayer[],
  inputShape: readonly (number | null)[],
): unknown {
  const names = ['input', ...layers.map(({ name }) => name)];
  const input = { class_name: 'InputLayer', name: 'input', inbound_nodes: [] };
  return {
    class_name: 'Functional',
    config: {
      name: 'functional_1',
      layers: [
        { ...input, config: { batch_shape: inputShape, name: 'input' } },
        ...layers.map((layer, index) => ({
          ...described(layer),
          name: layer.name,
          inbound_nodes: [{ args: [tensor(names[index])], kwargs: {} }],
        })),
      ],
    },
  };
}

function tensor(layer: string | undefined): unknown {
  return { class_name: '__keras_tensor__', config: { keras_history: [layer, 0, 0] } };
}

function described({ className, name, config = {} }: WrittenLayer): {
  class_name: string;
  config: unknown;
} {
  return { class_name: className, config: { name, trainable: true, ...config } };
}

function writeWeights(group: Group, layers: readonly WrittenLayer[]): void {
  writeNames(group, { name: 'layer_names', names: layers.map(({ name }) => name) });
  for (const { name, arrays = [] } of layers) {
    const own = group.create_group(name);
    const names = arrays.map(([array]) => `${name}/cell/${array}:0`);
    writeNames(own, { name: 'weight_names', names });
    if (arrays.length === 0) continue;
    const below = own.create_group(name).create_group('cell');
    for (const [array, { shape, values }] of arrays) {
      below.create_dataset({ name: `${array}:0`, data: values, shape: [...shape] });
    }
  }
}

/** Keras stores names as bytes of one length, and no names as an empty array of numbers. */
function writeNames(group: Group, list: { name: string; names: readonly string[] }): void {
  const { name, names } = list;
  if (names.length === 0) {
    group.create_attribute(name, new Float64Array(0), [0]);
    return;
  }
  const longest = Math.max(...names.map((each) => each.length));
  group.create_attribute(name, [...names], [names.length], `S${longest}`);
}
