import type { SeededRandom } from '@levitate/clock';
import type { LossFunction } from '../loss-function.ts';
import type { Network } from '../network.ts';
import type { NetworkSpec } from '../network-spec.ts';

/** What is to be learned: a network, its examples, and how good it is. */
export interface TrainingTask {
  readonly spec: NetworkSpec;
  /** Number of examples; they are known by their index. */
  readonly trainingCount: number;
  /**
   * Some examples as a batch. Arrays may be reused from call to call.
   * @param random for augmentation; the same for the same place in the training
   */
  fill(
    indices: readonly number[],
    random: SeededRandom,
  ): { input: Float32Array; loss: LossFunction };
  /** How bad the network is on data that it does not learn from: lower is better. */
  validate(network: Network): number;
}

/** What the module of a task exports: `openTask`. `options` went through a structured clone. */
export type OpenTask = (options: unknown) => TrainingTask | Promise<TrainingTask>;
