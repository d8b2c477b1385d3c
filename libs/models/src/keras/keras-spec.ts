import type { Activation, LayerSpec, NetworkSpec } from '@levitate/neural';
import { ModelError } from '../model-error.ts';
import type { KerasChain, KerasLayer } from './keras-layers.ts';

/** A network out of a Keras model, with the layers of it that have weights. */
export interface KerasSpec {
  readonly spec: NetworkSpec;
  /** In order, with how many arrays each has: a layer may go without a bias. */
  readonly weighted: readonly WeightedLayer[];
}

/** A Keras layer with weights. */
export interface WeightedLayer {
  readonly name: string;
  readonly arrays: number;
  /** Units of the bias that is missing, which is then all zero. */
  readonly zeroBias: number | undefined;
}

const activations: readonly string[] = ['linear', 'relu', 'tanh', 'sigmoid', 'softplus'];

/** What our layers do; a Keras layer that says otherwise is refused, never approximated. */
const lstmOptions: Readonly<Record<string, unknown>> = {
  activation: 'tanh',
  recurrent_activation: 'sigmoid',
  go_backwards: false,
  return_state: false,
  stateful: false,
  time_major: false,
};
const normOptions: Readonly<Record<string, unknown>> = {
  epsilon: 1e-3,
  center: true,
  scale: true,
  rms_scaling: false,
};

/**
 * The network that a chain of Keras layers describes. Dropout inside an LSTM cell acts in training
 * only and is left out.
 * @throws {ModelError} `shape`, naming the layer and the option that cannot be imported
 */
export function kerasSpec({ layers }: KerasChain, where: string): KerasSpec {
  const { steps, features } = inputShape(layers, where);
  const specs: LayerSpec[] = [];
  const weighted: WeightedLayer[] = [];
  for (const outer of layers) {
    const layer = unwrapped(outer, where);
    if (layer.className === 'InputLayer') continue;
    const spec = layerSpec(layer, where);
    specs.push(spec);
    if (spec.kind === 'layerNorm') {
      weighted.push({ name: outer.name, arrays: 2, zeroBias: undefined });
    } else if ('units' in spec) {
      const isBiased = layer.config.use_bias !== false;
      const arrays = (spec.kind === 'lstm' ? 2 : 1) + (isBiased ? 1 : 0);
      const size = spec.kind === 'lstm' ? 4 * spec.units : spec.units;
      weighted.push({ name: outer.name, arrays, zeroBias: isBiased ? undefined : size });
    }
  }
  return { spec: { steps, features, layers: specs }, weighted };
}

function layerSpec(layer: KerasLayer, where: string): LayerSpec {
  const { className, config } = layer;
  switch (className) {
    case 'LSTM':
      checkOptions(layer, lstmOptions, where);
      return {
        kind: 'lstm',
        units: wholeNumber(layer, 'units', where),
        returnSequences: config.return_sequences === true,
      };
    case 'Dense': {
      const activation = config.activation ?? 'linear';
      if (typeof activation !== 'string' || !activations.includes(activation)) {
        throw unsupported(layer, where, `activation ${JSON.stringify(activation)}`);
      }
      const units = wholeNumber(layer, 'units', where);
      return { kind: 'dense', units, activation: activation as Activation };
    }
    case 'Dropout':
      return { kind: 'dropout', rate: typeof config.rate === 'number' ? config.rate : 0 };
    case 'LayerNormalization':
      checkOptions(layer, normOptions, where);
      if (![undefined, -1, 2].includes([config.axis].flat()[0] as number | undefined)) {
        throw unsupported(layer, where, `axis ${JSON.stringify(config.axis)}`);
      }
      return { kind: 'layerNorm' };
    case 'GlobalAveragePooling1D':
      return { kind: 'meanOfSteps' };
    default:
      throw unsupported(layer, where, `class ${className}`);
  }
}

/** A dense layer on every step is our dense layer. */
function unwrapped(layer: KerasLayer, where: string): KerasLayer {
  if (layer.className !== 'TimeDistributed') return layer;
  const inner = layer.config.layer as { class_name?: unknown; config?: unknown } | undefined;
  if (inner?.class_name !== 'Dense') {
    throw unsupported(layer, where, `TimeDistributed of ${String(inner?.class_name)}`);
  }
  return { className: 'Dense', name: layer.name, config: inner.config as KerasLayer['config'] };
}

/** [batch, steps, features]; Keras 3 says `batch_shape`, Keras 2 `batch_input_shape`. */
function inputShape(
  layers: readonly KerasLayer[],
  where: string,
): { steps: number; features: number } {
  const { config } = layers[0] ?? { config: {} as KerasLayer['config'] };
  const shape = config.batch_input_shape ?? config.batch_shape;
  const [, steps, features] = Array.isArray(shape) ? (shape as unknown[]) : [];
  if (Array.isArray(shape) && shape.length === 3 && isSize(steps) && isSize(features)) {
    return { steps, features };
  }
  const found = shape === undefined ? 'none' : JSON.stringify(shape);
  throw new ModelError({
    code: 'shape',
    message: `${where}: its input shape is ${found}, not [batch, steps, features] with numbers`,
    nextStep: 'save the model with an input shape in which steps and features are fixed',
  });
}

function checkOptions(
  layer: KerasLayer,
  options: Readonly<Record<string, unknown>>,
  where: string,
): void {
  for (const [name, want] of Object.entries(options)) {
    const value = layer.config[name] ?? want;
    if (value !== want) throw unsupported(layer, where, `${name} ${JSON.stringify(value)}`);
  }
}

function wholeNumber(layer: KerasLayer, name: string, where: string): number {
  const value = layer.config[name];
  if (isSize(value)) return value;
  throw unsupported(layer, where, `${name} ${JSON.stringify(value)}`);
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function unsupported(layer: KerasLayer, where: string, what: string): ModelError {
  return new ModelError({
    code: 'shape',
    message: `${where}: layer ${layer.name}: ${what} cannot be imported`,
    nextStep:
      'use InputLayer, LSTM (tanh, sigmoid), Dense, Dropout, LayerNormalization (epsilon 1e-3), ' +
      'GlobalAveragePooling1D',
  });
}
