import { SeededRandom } from '@levitate/clock';
import type { Network } from '../network.ts';
import type { OpenTask } from '../training/training-task.ts';
import { squaredLoss } from './gradient-check.ts';

/** Settings of the task. */
export interface EchoOptions {
  seed: string;
  trainingCount: number;
  /** Ends the worker at this number of batches. */
  failsAt?: number;
}

/** A small task for tests of training: say again what the first of five steps was. */
export const openTask: OpenTask = (options) => {
  const { seed, trainingCount, failsAt } = options as EchoOptions;
  const random = new SeededRandom(seed);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
  const inputs = draw(trainingCount * 5);
  const held = draw(32 * 5);
  let filled = 0;
  return {
    spec: {
      steps: 5,
      features: 1,
      layers: [
        { kind: 'lstm', units: 6, returnSequences: false },
        { kind: 'dropout', rate: 0.1 },
        { kind: 'dense', units: 1, activation: 'linear' },
      ],
    },
    trainingCount,
    fill(indices, noise) {
      filled += 1;
      if (filled === failsAt) throw new Error(`no batch ${failsAt} here`);
      const rows = indices.map((index) => inputs.subarray(index * 5, index * 5 + 5));
      const input = Float32Array.from(rows.flatMap((row) => [...row]));
      const target = rows.map((row) => (row[0] as number) + 0.01 * noise.normal());
      return { input, loss: squaredLoss(target) };
    },
    validate(network: Network) {
      const output = network.predict(held, 32);
      const target = Array.from({ length: 32 }, (_, row) => held[row * 5] as number);
      return squaredLoss(target)(output, new Float32Array(32), 32);
    },
  };
};
