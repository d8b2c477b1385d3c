import { SeededRandom } from '@levitate/clock';
import {
  Adam,
  type LossFunction,
  Network,
  openKernel,
  openTfjs,
  TfjsNetwork,
} from '@levitate/neural';
import { type EngineName, measuredSpec } from './engine-readings.ts';

/** An engine with the measured network in it, weights by seed. */
export interface MeasuredEngine {
  readonly variant: string;
  predict(input: Float32Array, batch: number): Float32Array;
  gradients(input: Float32Array, batch: number): Float32Array;
  /** Gradients and one update by Adam. */
  train(input: Float32Array, batch: number): void;
}

const learningRate = 1e-3;

/** @throws where this machine does not have the engine, saying why */
export async function openMeasuredEngine(name: EngineName, seed: number): Promise<MeasuredEngine> {
  if (name === 'tfjs-cpu' || name === 'tfjs-wasm' || name === 'tfjs-node') {
    const engine = await openTfjs(name);
    const network = new TfjsNetwork(engine, measuredSpec);
    network.setWeights(await weightsOf(seed));
    return {
      variant: name,
      predict: (input, batch) => network.predict(input, batch),
      gradients: (input, count) => network.gradients({ input, count, loss }).gradients,
      train: (input, count) => void network.trainStep({ input, count, loss }, learningRate),
    };
  }
  const kernel = await openKernel(name);
  const network = new Network(measuredSpec, { kernel, seed });
  const adam = new Adam({ learningRate });
  const random = new SeededRandom(seed);
  const gradients = (input: Float32Array, count: number) =>
    network.gradients({ input, count, loss, random }).gradients;
  return {
    variant: kernel.variant,
    predict: (input, batch) => network.predict(input, batch),
    gradients,
    train: (input, batch) => adam.update(network, gradients(input, batch)),
  };
}

async function weightsOf(seed: number) {
  const kernel = await openKernel('typescript');
  return new Network(measuredSpec, { kernel, seed }).parameters;
}

/** Half the mean square: the cheapest loss, so that the network is what is measured. */
const loss: LossFunction = (output, gradient, count) => {
  let sum = 0;
  for (let i = 0; i < output.length; i++) {
    const value = output[i] as number;
    gradient[i] = value / count;
    sum += value ** 2 / 2 / count;
  }
  return sum;
};
