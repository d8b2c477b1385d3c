import type { LiquidParameters } from './liquid-parameters.ts';

/** @see Adam64 */
export interface Adam64Options {
  learningRate: number;
  /** Longest gradient, as one vector; a longer one is shortened to it. Default: no limit. */
  clipNorm?: number;
  /** Decoupled weight decay per step (Loshchilov and Hutter 2019). Default 0. */
  weightDecay?: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba 2015, algorithm 1) on the flat float64 parameters of a liquid network. */
export class Adam64 {
  readonly #options: Adam64Options;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  constructor(count: number, options: Adam64Options) {
    this.#options = options;
    this.#mean = new Float64Array(count);
    this.#square = new Float64Array(count);
  }

  /**
   * One step against `gradients`, which are set to 0 for the next.
   * @param learningRate of this step; default that of the options
   */
  update(
    { values, gradients }: Pick<LiquidParameters, 'values' | 'gradients'>,
    learningRate = this.#options.learningRate,
  ): void {
    this.#steps++;
    const { clipNorm = Number.POSITIVE_INFINITY, weightDecay = 0 } = this.#options;
    let squares = 0;
    for (const gradient of gradients) squares += gradient * gradient;
    const scale = Math.min(1, clipNorm / Math.max(Math.sqrt(squares), Number.MIN_VALUE));
    const meanBias = 1 - BETA1 ** this.#steps;
    const squareBias = 1 - BETA2 ** this.#steps;
    for (let i = 0; i < values.length; i++) {
      const gradient = (gradients[i] as number) * scale;
      const mean = BETA1 * (this.#mean[i] as number) + (1 - BETA1) * gradient;
      const square = BETA2 * (this.#square[i] as number) + (1 - BETA2) * gradient * gradient;
      this.#mean[i] = mean;
      this.#square[i] = square;
      const step = mean / meanBias / (Math.sqrt(square / squareBias) + EPSILON);
      const value = values[i] as number;
      values[i] = value - learningRate * (step + weightDecay * value);
    }
    gradients.fill(0);
  }
}
