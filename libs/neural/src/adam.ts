import { strict as assert } from 'node:assert';
import type { Network } from './network.ts';

/** Settings of `Adam`. */
export interface AdamOptions {
  /** Step size where `update` is given none. */
  learningRate: number;
  /** Gradients whose Euclidean norm is above this are scaled down to it. Default: no limit. */
  clipNorm?: number;
  /** Decay of the mean gradient. Default 0.9. */
  beta1?: number;
  /** Decay of the mean square. Default 0.999. */
  beta2?: number;
  /** Added to the root of the mean square. Default 1e-7, as in Keras. */
  epsilon?: number;
}

/** What `Adam` carries from update to update. */
export interface AdamState {
  /** Updates so far. */
  updates: number;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
}

/**
 * Adam (Kingma and Ba, ICLR 2015) for one network, with clipping by the norm of all gradients
 * together (Pascanu, Mikolov and Bengio, ICML 2013).
 */
export class Adam {
  readonly #options: Required<AdamOptions>;
  #network: Network | undefined;
  #state: AdamState | undefined;
  #gradients: Float32Array = new Float32Array(0);

  constructor(options: AdamOptions) {
    const defaults = { clipNorm: Number.POSITIVE_INFINITY, beta1: 0.9, beta2: 0.999 };
    this.#options = { ...defaults, epsilon: 1e-7, ...options };
  }

  /**
   * Moves the weights of `network` against the gradients.
   * @param gradients flat, in the order of its parameters
   * @throws RangeError when the gradients are not finite; the weights are as before then
   */
  update(network: Network, gradients: Float32Array, learningRate?: number): void {
    const { beta1, beta2, epsilon, clipNorm } = this.#options;
    const { firstMoment, secondMoment, updates } = this.#open(network);
    const { length } = network.values;
    const { workspace } = network;
    assert(gradients.length === length, `${gradients.length} gradients for ${length} weights`);
    this.#gradients.set(gradients);
    const norm = Math.sqrt(workspace.sumOfSquares(this.#gradients, length));
    if (!Number.isFinite(norm)) {
      throw new RangeError(`the norm of the gradients is ${norm}: the training has diverged`);
    }
    const t = updates + 1;
    workspace.adam({
      values: network.values,
      gradients: this.#gradients,
      gradientScale: norm > clipNorm ? clipNorm / norm : 1,
      firstMoment,
      secondMoment,
      beta1,
      beta2,
      rate: (learningRate ?? this.#options.learningRate) / (1 - beta1 ** t),
      secondCorrection: 1 / (1 - beta2 ** t),
      epsilon,
      length,
    });
    (this.#state as AdamState).updates = t;
  }

  /** A copy of what it carries, for a checkpoint. */
  state(network: Network): AdamState {
    const { updates, firstMoment, secondMoment } = this.#open(network);
    return {
      updates,
      firstMoment: Float32Array.from(firstMoment),
      secondMoment: Float32Array.from(secondMoment),
    };
  }

  /** Carries on from a state that `state` gave. */
  restore(network: Network, state: AdamState): void {
    const own = this.#open(network);
    assert(state.firstMoment.length === own.firstMoment.length, 'the state of another network');
    own.updates = state.updates;
    own.firstMoment.set(state.firstMoment);
    own.secondMoment.set(state.secondMoment);
  }

  #open(network: Network): AdamState {
    assert(this.#network === undefined || this.#network === network, 'one Adam for one network');
    if (this.#state !== undefined) return this.#state;
    const { length } = network.values;
    this.#network = network;
    this.#gradients = network.workspace.allocate(length);
    this.#state = {
      updates: 0,
      firstMoment: network.workspace.allocate(length),
      secondMoment: network.workspace.allocate(length),
    };
    return this.#state;
  }
}
