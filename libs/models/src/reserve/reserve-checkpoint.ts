import { type Adam, type Network, readCheckpoint, writeCheckpoint } from '@levitate/neural';
import type { ReserveMoments } from './reserve-network.ts';

/** What the weights of a training depend on, beside its data. */
export interface ReserveRecipe {
  readonly seed: string;
  readonly units: readonly number[];
  readonly steps: number;
  readonly learningRate: number;
  /** File of the checkpoint; none keeps nothing. */
  readonly checkpoint?: string | undefined;
}

/** Where the training of a reserve network is, kept in a file between two steps. */
export class ReserveCheckpoint {
  readonly #file: string | undefined;
  readonly #identity: string;
  readonly #network: Network;
  readonly #adam: Adam;

  /** @param parts.moments stand for the data: other data have others */
  constructor(parts: {
    options: ReserveRecipe;
    moments: ReserveMoments;
    network: Network;
    adam: Adam;
  }) {
    const { options, moments, network, adam } = parts;
    const { seed, units, steps, learningRate, checkpoint } = options;
    const { variant } = network.kernel;
    this.#file = checkpoint;
    this.#identity = JSON.stringify({ seed, units, steps, learningRate, variant, moments });
    this.#network = network;
    this.#adam = adam;
  }

  /**
   * Puts network and optimizer where the checkpoint is.
   * @returns steps that are done and the loss that was told last; none without a file
   * @throws {CheckpointError} for one of another training, or a damaged one
   */
  async read(): Promise<{ steps: number; told: number }> {
    const found =
      this.#file === undefined ? undefined : await readCheckpoint(this.#file, this.#identity);
    if (found === undefined) return { steps: 0, told: Number.NaN };
    this.#network.values.set(found.values);
    this.#adam.restore(this.#network, found);
    return { steps: found.updates, told: found.history[0]?.loss ?? Number.NaN };
  }

  /** Keeps what `steps` steps have made of it. */
  async write(steps: number, told: number): Promise<void> {
    if (this.#file === undefined) return;
    const { values } = this.#network;
    await writeCheckpoint(this.#file, {
      identity: this.#identity,
      // One epoch without validation: the newest weights are the ones to go on from.
      ...{ history: [{ epoch: 1, loss: told, validation: 0 }], bestEpoch: 1 },
      ...{ values, bestValues: values, ...this.#adam.state(this.#network), updates: steps },
    });
  }
}
