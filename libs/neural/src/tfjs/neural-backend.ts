import type { KernelName } from '../kernel/kernel.ts';
import { openKernel } from '../kernel/open-kernel.ts';
import { Network, type Parameter } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';
import { openTfjs } from './open-tfjs.ts';
import { TfjsNetwork } from './tfjs-network.ts';

/** Who computes: one of our kernels (`auto`: the fastest that runs anywhere), or tfjs. */
export type NeuralBackend = KernelName | 'auto' | 'tfjs';

const names: readonly NeuralBackend[] = ['auto', 'typescript', 'wasm', 'openblas', 'tfjs'];

/** A network that answers, whoever computes it. */
export interface AnsweringNetwork {
  /** Who computes, for the record beside an answer: `tfjs-node`, or the variant of our kernel. */
  readonly backend: string;
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

/**
 * A network with given weights on a backend. `tfjs`: tfjs-node where it is built, else plain tfjs.
 * @throws RangeError where the weights do not fit the spec, or the backend is not there
 */
export async function openAnsweringNetwork(options: {
  readonly backend: NeuralBackend;
  readonly spec: NetworkSpec;
  readonly parameters: readonly Omit<Parameter, 'name'>[];
}): Promise<AnsweringNetwork> {
  const { backend, spec, parameters } = options;
  if (backend === 'tfjs') {
    const engine = await openTfjs('auto');
    const network = new TfjsNetwork(engine, spec);
    network.setWeights(parameters);
    const predict = network.predict.bind(network);
    return { backend: engine.name, outputs: network.outputs, predict };
  }
  const kernel = await openKernel(backend);
  const network = new Network(spec, { kernel, seed: 0 });
  takeOver(network, parameters);
  const predict = network.predict.bind(network);
  return { backend: kernel.variant, outputs: network.outputs, predict };
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
