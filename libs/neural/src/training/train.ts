import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import { Adam } from '../adam.ts';
import { openTrainingKernel } from '../kernel/open-kernel.ts';
import { Network } from '../network.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { epochBatches, shares } from './epoch-order.ts';
import type { TrainOptions, TrainOutcome } from './train-options.ts';
import { TrainingCrew } from './training-crew.ts';

/**
 * Trains a network: each batch is shared among worker threads, their gradients are summed in the
 * order of the workers, Adam moves the weights. The same options give the same bytes, whether or
 * not the training was interrupted and carried on from its checkpoint: all chance comes from the
 * seed and the place in the training. The WASM kernel is the plain one here, whose bytes are the
 * same on every processor.
 *
 * @returns the weights of the epoch with the best validation score
 * @throws the reason of `signal`; what the task threw; RangeError when the training diverges;
 *   CheckpointError for a checkpoint that it cannot go on from
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { workers, task, kernel, seed, signal } = options;
  assert(workers >= 1 && workers <= options.batch, `${workers} workers for ${options.batch}`);
  signal.throwIfAborted();
  const start = { module: task.module.href, options: task.options, kernel, seed };
  await using crew = new TrainingCrew(workers, start);
  const opened = await Promise.all(
    Array.from({ length: workers }, (_, worker) => crew.ask(worker, { kind: 'open' })),
  );
  const { spec, trainingCount } = opened[0] as (typeof opened)[0];
  assert(trainingCount >= 1, 'a task has at least one example');
  const network = new Network(spec, { kernel: await openTrainingKernel(kernel), seed });
  const training = new Training({ options, crew, network, trainingCount });
  await training.share();
  await training.resume();
  while (!training.isOver) await training.epoch();
  return training.outcome();
}

class Training {
  readonly #options: TrainOptions;
  readonly #crew: TrainingCrew;
  readonly #network: Network;
  readonly #adam: Adam;
  readonly #trainingCount: number;
  readonly #batch: number;
  /** Steps of one epoch. */
  readonly #steps: number;
  readonly #weights: Float32Array;
  readonly #gradients: readonly Float32Array[];
  readonly #sum: Float32Array;
  readonly #identity: string;
  #history: TrainOutcome['history'] = [];
  #bestEpoch = 0;
  #bestValues: Float32Array;
  #stepsHere = 0;
  readonly #startedMs = performance.now();

  constructor(parts: {
    options: TrainOptions;
    crew: TrainingCrew;
    network: Network;
    trainingCount: number;
  }) {
    const { options, crew, network, trainingCount } = parts;
    this.#options = options;
    this.#crew = crew;
    this.#network = network;
    this.#trainingCount = trainingCount;
    this.#batch = Math.min(options.batch, trainingCount);
    this.#steps = Math.floor(trainingCount / this.#batch);
    this.#adam = new Adam({ learningRate: 0, clipNorm: options.clipNorm });
    const { length } = network.values;
    this.#weights = sharedArray(length);
    this.#gradients = Array.from({ length: crew.size }, () => sharedArray(length));
    this.#sum = new Float32Array(length);
    this.#bestValues = Float32Array.from(network.values);
    const { batch, workers, epochs, patience, clipNorm, seed, schedule, task } = options;
    const { variant } = network.kernel;
    const learningRates = [0, 0.25, 0.5, 0.75].map((share) => schedule(share * 1000, 1000));
    const said = { seed, variant, workers, batch, epochs, patience, clipNorm, learningRates };
    const of = { trainingCount, spec: network.spec, options: task.options };
    this.#identity = JSON.stringify({ ...said, ...of });
  }

  /** All epochs are done, or none of the last ones was better. */
  get isOver(): boolean {
    const done = this.#history.length;
    return done >= this.#options.epochs || done - this.#bestEpoch >= this.#options.patience;
  }

  async share(): Promise<void> {
    const weights = this.#weights.buffer as SharedArrayBuffer;
    await Promise.all(
      this.#gradients.map((own, worker) => {
        const gradients = own.buffer as SharedArrayBuffer;
        return this.#crew.ask(worker, { kind: 'share', weights, gradients });
      }),
    );
  }

  async resume(): Promise<void> {
    const { checkpoint: file } = this.#options;
    const found = file === undefined ? undefined : await readCheckpoint(file, this.#identity);
    if (found === undefined) return;
    this.#network.values.set(found.values);
    this.#adam.restore(this.#network, found);
    this.#history = found.history;
    this.#bestEpoch = found.bestEpoch;
    this.#bestValues = found.bestValues;
  }

  async epoch(): Promise<void> {
    const epoch = this.#history.length + 1;
    const random = new SeededRandom(this.#options.seed).fork(`order of epoch ${epoch}`);
    const batches = epochBatches({ count: this.#trainingCount, batch: this.#batch, random });
    let sum = 0;
    for (const [index, indices] of batches.entries()) {
      sum += await this.#step(epoch, index, indices);
      if (index + 1 < this.#steps) this.#report(epoch, index + 1, sum / (index + 1));
    }
    const loss = sum / this.#steps;
    const validation = await this.#validate();
    this.#history.push({ epoch, loss, validation });
    const best = this.#history[this.#bestEpoch - 1]?.validation ?? Number.POSITIVE_INFINITY;
    if (validation < best) {
      this.#bestEpoch = epoch;
      this.#bestValues = Float32Array.from(this.#network.values);
    }
    const { checkpoint } = this.#options;
    if (checkpoint !== undefined) await writeCheckpoint(checkpoint, this.#checkpoint());
    this.#report(epoch, this.#steps, loss, validation);
  }

  outcome(): TrainOutcome {
    let at = 0;
    const parameters = this.#network.parameters.map(({ name, shape, values }) => {
      at += values.length;
      return { name, shape, values: this.#bestValues.slice(at - values.length, at) };
    });
    const { variant } = this.#network.kernel;
    return { parameters, bestEpoch: this.#bestEpoch, history: this.#history, variant };
  }

  /** @returns the mean loss over the batch */
  async #step(epoch: number, index: number, indices: readonly number[]): Promise<number> {
    const { signal, schedule, epochs } = this.#options;
    signal.throwIfAborted();
    this.#weights.set(this.#network.values);
    const parts = shares(indices, Math.min(this.#crew.size, indices.length));
    const replies = await Promise.all(
      parts.map((part, worker) => {
        const label = `epoch ${epoch} step ${index} worker ${worker}`;
        return this.#crew.ask(worker, { kind: 'step', indices: part, label });
      }),
    );
    signal.throwIfAborted();
    let loss = 0;
    this.#sum.fill(0);
    for (const [worker, reply] of replies.entries()) {
      const weight = (parts[worker]?.length ?? 0) / indices.length;
      loss += weight * reply.loss;
      addScaled(this.#sum, this.#gradients[worker] as Float32Array, weight);
    }
    const rate = schedule((epoch - 1) * this.#steps + index, epochs * this.#steps);
    this.#adam.update(this.#network, this.#sum, rate);
    this.#stepsHere += 1;
    return loss;
  }

  async #validate(): Promise<number> {
    this.#weights.set(this.#network.values);
    const { score } = await this.#crew.ask(0, { kind: 'validate' });
    if (!Number.isFinite(score)) throw new RangeError(`the validation score is ${score}`);
    return score;
  }

  #checkpoint(): Checkpoint {
    const { updates, firstMoment, secondMoment } = this.#adam.state(this.#network);
    return {
      identity: this.#identity,
      history: this.#history,
      bestEpoch: this.#bestEpoch,
      updates,
      values: Float32Array.from(this.#network.values),
      firstMoment,
      secondMoment,
      bestValues: this.#bestValues,
    };
  }

  #report(epoch: number, step: number, loss: number, validation?: number): void {
    const { epochs, onProgress } = this.#options;
    const left = epochs * this.#steps - ((epoch - 1) * this.#steps + step);
    const secondsEach = (performance.now() - this.#startedMs) / 1000 / this.#stepsHere;
    const etaSeconds = left * secondsEach;
    onProgress({ epoch, epochs, step, steps: this.#steps, loss, validation, etaSeconds });
  }
}

function sharedArray(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function addScaled(target: Float32Array, source: Float32Array, factor: number): void {
  for (let i = 0; i < target.length; i++) {
    (target[i] as number) += factor * (source[i] as number);
  }
}
