import { strict as assert } from 'node:assert';
import type { AdamOptimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LossFunction } from '../loss-function.ts';
import type { Parameter } from '../network.ts';
import { checkFinite, checkSpec } from '../network-checks.ts';
import type { NetworkSpec } from '../network-spec.ts';
import { tfjsModel } from './tfjs-model.ts';
import type { TfjsEngine } from './tfjs-module.ts';

/** One batch to learn from; dropout draws from tfjs, which has no seed for it. */
export interface TfjsBatch {
  /** [count, steps, features] */
  readonly input: Float32Array;
  readonly count: number;
  readonly loss: LossFunction;
}

/**
 * The network of a spec, computed by tfjs. Weights go in and come out in the order and the shapes
 * of `Network.parameters`, so that either can go on where the other stopped.
 */
export class TfjsNetwork {
  readonly spec: NetworkSpec;
  readonly engine: TfjsEngine;
  /** Numbers that one sequence gives. */
  readonly outputs: number;
  readonly #model: LayersModel;
  readonly #variables: readonly Variable[];
  #optimizer: AdamOptimizer | undefined;

  constructor(engine: TfjsEngine, spec: NetworkSpec) {
    checkSpec(spec);
    this.spec = spec;
    this.engine = engine;
    // Not in `run`, which would free the weights.
    engine.run(() => undefined);
    this.#model = tfjsModel(engine.tf, spec);
    const [, ...shape] = this.#model.outputs[0]?.shape ?? [];
    this.outputs = shape.reduce<number>((product, size) => product * (size ?? 1), 1);
    // The tensor behind a weight, which optimizers of tfjs ask for, is private to its layers.
    this.#variables = this.#model.trainableWeights.map(
      (weight) => (weight as unknown as { val: Variable }).val,
    );
  }

  /** The engine by its name, as an `AnsweringNetwork` says it. */
  get backend(): string {
    return this.engine.name;
  }

  /** Copies of the weights: the shapes and the order of ours, no names. */
  weights(): Omit<Parameter, 'name'>[] {
    return this.#variables.map(({ shape, dataSync }, index) => {
      const values = dataSync.call(this.#variables[index]) as Float32Array;
      return { shape, values: Float32Array.from(values) };
    });
  }

  /** Takes over weights of a network of the same spec. @throws RangeError if they do not fit */
  setWeights(weights: readonly Omit<Parameter, 'name'>[]): void {
    if (weights.length !== this.#variables.length) {
      const want = this.#variables.length;
      throw new RangeError(`the network has ${want} weights, got ${weights.length}`);
    }
    this.engine.run(() => {
      for (const [index, { shape, values }] of weights.entries()) {
        const variable = this.#variables[index] as Variable;
        if (shape.join() !== variable.shape.join()) {
          const shapes = `[${variable.shape.join()}], got [${shape.join()}]`;
          throw new RangeError(`weight ${index} has shape ${shapes}`);
        }
        variable.assign(this.engine.tf.tensor(Float32Array.from(values), [...shape]));
      }
    });
  }

  /**
   * As `Network.predict`.
   * @throws RangeError as that
   */
  predict(input: Float32Array, batch: number): Float32Array {
    const output = this.engine.run(() => this.#apply(input, batch, false).dataSync().slice());
    checkFinite(output as Float32Array, output.length, 'output');
    return output as Float32Array;
  }

  /** As `Network.gradients`, by the automatic derivatives of tfjs. */
  gradients(batch: TfjsBatch): { loss: number; gradients: Float32Array } {
    return this.engine.run(() => {
      const { loss, byVariable } = this.#differentiate(batch);
      const total = this.#variables.reduce((sum, { size }) => sum + size, 0);
      const gradients = new Float32Array(total);
      let at = 0;
      for (const { name, size } of this.#variables) {
        gradients.set((byVariable[name] as Tensor).dataSync(), at);
        at += size;
      }
      return { loss, gradients };
    });
  }

  /** One update by the Adam of tfjs. @returns the loss before it */
  trainStep(batch: TfjsBatch, learningRate = 1e-3): number {
    return this.engine.run(() => {
      const { loss, byVariable } = this.#differentiate(batch);
      this.#optimizer ??= this.engine.tf.train.adam(learningRate);
      this.#optimizer.applyGradients(byVariable as never);
      return loss;
    });
  }

  /** Frees the weights, which tfjs does not collect by itself. */
  close(): void {
    this.#model.dispose();
  }

  #differentiate({ input, count, loss }: TfjsBatch) {
    const { tf } = this.engine;
    let value = Number.NaN;
    // Our losses give their own gradient: to tfjs they are one operation with a known derivative.
    const lossOf = tf.customGrad((output) => {
      const { shape } = output as Tensor;
      const gradient = new Float32Array((output as Tensor).size);
      value = loss((output as Tensor).dataSync() as Float32Array, gradient, count);
      return {
        value: tf.scalar(value),
        gradFunc: (upstream: Tensor) => tf.mul(tf.tensor(gradient, shape), upstream),
      };
    });
    const { grads } = tf.variableGrads(
      () => lossOf(this.#apply(input, count, true)) as never,
      [...this.#variables],
    );
    if (!Number.isFinite(value)) throw new RangeError(`the loss is ${value}, not a finite number`);
    return { loss: value, byVariable: grads };
  }

  #apply(input: Float32Array, batch: number, training: boolean): Tensor {
    const { steps, features } = this.spec;
    const length = batch * steps * features;
    if (!Number.isInteger(batch) || batch < 1 || input.length !== length) {
      const want = `${batch} x ${steps} x ${features}`;
      throw new RangeError(`an input has ${want} numbers, got ${input.length}`);
    }
    checkFinite(input, length, 'input');
    const tensor = this.engine.tf.tensor3d(Float32Array.from(input), [batch, steps, features]);
    const output = this.#model.apply(tensor, { training });
    assert(!Array.isArray(output), 'a sequential model has one output');
    return output as Tensor;
  }
}
