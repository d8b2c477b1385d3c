import { strict as assert } from 'node:assert';

/** Shape of a recursive regression. */
export interface RecursiveLeastSquaresOptions {
  /** Length of an input. */
  inputs: number;
  /** Weight of the pull towards zero: the solution minimises sum e^2 + ridge |w|^2. */
  ridge: number;
  /** Share of an observation that counts one step later, 0..1. Default 1: all of it. */
  forgetting?: number;
}

/**
 * Recursive least squares with a ridge prior (Haykin, "Adaptive Filter Theory", chapter on RLS),
 * cut in two: the gain depends on the input alone, the weights on the gain and the error. So
 * several targets share one gain, and a target that is known only steps later still gets exactly
 * its own.
 * O(inputs^2) an input, O(inputs) a target.
 *
 * Forgetting makes the inverse correlation grow in directions that no input excites. Beyond a
 * trace of `TRACE_MAX` times its start nothing is forgotten until it falls again.
 */
export class RecursiveLeastSquares {
  readonly inputs: number;
  readonly #forgetting: number;
  readonly #inverse: Float64Array;
  readonly #start: number;
  #trace: number;

  constructor({ inputs, ridge, forgetting = 1 }: RecursiveLeastSquaresOptions) {
    assert(Number.isInteger(inputs) && inputs >= 1 && ridge > 0);
    assert(forgetting > 0 && forgetting <= 1, 'forgetting is within 0..1');
    this.inputs = inputs;
    this.#forgetting = forgetting;
    this.#start = 1 / ridge;
    this.#inverse = new Float64Array(inputs * inputs);
    for (let i = 0; i < inputs; i++) this.#inverse[i * inputs + i] = this.#start;
    this.#trace = inputs * this.#start;
  }

  /** Take an input in. @returns its gain, for `correct` */
  gain(input: Float64Array): Float64Array {
    assert(input.length === this.inputs, `an input has ${this.inputs} numbers`);
    const { inputs } = this;
    const projected = new Float64Array(inputs);
    let energy = 0;
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      const row = i * inputs;
      for (let j = 0; j < inputs; j++) {
        sum += (this.#inverse[row + j] as number) * (input[j] as number);
      }
      projected[i] = sum;
      energy += sum * (input[i] as number);
    }
    const isFull = this.#trace > TRACE_MAX * inputs * this.#start;
    const forgetting = isFull ? 1 : this.#forgetting;
    this.#deflate({ projected, denominator: forgetting + energy, forgetting });
    return projected.map((value) => value / (forgetting + energy));
  }

  /** Inverse after the input: (P - (P x)(P x)' / denominator) / forgetting, kept symmetric. */
  #deflate(step: { projected: Float64Array; denominator: number; forgetting: number }): void {
    const { projected, denominator, forgetting } = step;
    const { inputs } = this;
    this.#trace = 0;
    for (let i = 0; i < inputs; i++) {
      const factor = (projected[i] as number) / denominator;
      for (let j = i; j < inputs; j++) {
        const at = i * inputs + j;
        const value =
          ((this.#inverse[at] as number) - factor * (projected[j] as number)) / forgetting;
        this.#inverse[at] = value;
        this.#inverse[j * inputs + i] = value;
      }
      this.#trace += this.#inverse[i * inputs + i] as number;
    }
  }
}

/** Move the weights of one target along the gain of the input it belongs to. */
export function correct(
  weights: Float64Array,
  { gain, error }: { gain: Float64Array; error: number },
): void {
  for (let i = 0; i < weights.length; i++) {
    weights[i] = (weights[i] as number) + (gain[i] as number) * error;
  }
}

/** Inner product. */
export function dot(weights: Float64Array, input: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (input[i] as number);
  return sum;
}

const TRACE_MAX = 10;
