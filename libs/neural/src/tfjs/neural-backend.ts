import type { Kernel, KernelName } from '../kernel/kernel.ts';
import { openKernel } from '../kernel/open-kernel.ts';
import { Network, type Parameter } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';
import { openTfjs } from './open-tfjs.ts';
import type { TfjsEngine } from './tfjs-module.ts';
import { TfjsNetwork } from './tfjs-network.ts';

/** Who computes: one of our kernels (`auto`: the fastest that runs anywhere), or tfjs. */
export type NeuralBackend = KernelName | 'auto' | 'tfjs';

const names: readonly NeuralBackend[] = ['auto', 'typescript', 'wasm', 'openblas', 'tfjs'];

/** A network that answers, whoever computes it. */
export interface AnsweringNetwork {
  /** Who computes, for the record beside an answer: `tfjs-node`, or the name of our kernel. */
  readonly backend: string;
  readonly spec: NetworkSpec;
  /** Numbers that one sequence gives. */
  readonly outputs: number;
  /** As `Network.predict`. */
  predict(input: Float32Array, batch: number): Float32Array;
}

/**
 * What `NEURAL_BACKEND` says.
 * @param value of the environment; absent or empty is `auto`
 * @throws RangeError for another word, with those there are
 */
export function parseNeuralBackend(value: string | undefined): NeuralBackend {
  if (value === undefined || value === '') return 'auto';
  const name = names.find((each) => each === value);
  if (name === undefined) {
    throw new RangeError(`NEURAL_BACKEND is "${value}"; it can be ${names.join(', ')}`);
  }
  return name;
}

/** What computes networks: a kernel of ours, or tfjs on one of its engines. */
export type NeuralEngine = Kernel | TfjsEngine;

/**
 * Opens what a word names. `tfjs`: tfjs-node where it is built, else plain tfjs.
 * @throws RangeError where it is not there, with the next step
 */
export async function openNeuralEngine(backend: NeuralBackend): Promise<NeuralEngine> {
  return backend === 'tfjs' ? openTfjs('auto') : openKernel(backend);
}

/**
 * A network with given weights, for whole windows: on tfjs none carries a state from step to step.
 * @throws RangeError where the weights do not fit the spec
 */
export function answeringNetwork(
  engine: NeuralEngine,
  spec: NetworkSpec,
  parameters: readonly Omit<Parameter, 'name'>[],
): AnsweringNetwork {
  if ('tf' in engine) {
    const network = new TfjsNetwork(engine, spec);
    network.setWeights(parameters);
    return network;
  }
  const network = new Network(spec, { kernel: engine, seed: 0 });
  takeOver(network, parameters);
  return network;
}

function takeOver(network: Network, parameters: readonly Omit<Parameter, 'name'>[]): void {
  const shapes = (of: readonly Omit<Parameter, 'name'>[]) =>
    of.map(({ shape }) => `[${shape.join()}]`).join(' ');
  const [want, got] = [shapes(network.parameters), shapes(parameters)];
  if (want !== got) throw new RangeError(`the network has weights ${want}, got ${got}`);
  for (const [index, { values }] of parameters.entries()) {
    network.parameters[index]?.values.set(values);
  }
}
