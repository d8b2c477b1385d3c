import type { LiquidParameter } from './liquid-parameters.ts';

/**
 * y = W x + b with W as [out, in]. Where a mask is given only its synapses exist: the others cost
 * nothing and their gradient stays 0.
 */
export class LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  /** Multiply-accumulates of one use. */
  readonly macs: number;
  readonly #weight: LiquidParameter;
  readonly #bias: LiquidParameter | undefined;
  /** Indices into W of row r: `#starts[r]` to `#starts[r + 1]` of `#synapses`. */
  readonly #synapses: Int32Array | undefined;
  readonly #starts: Int32Array;

  constructor(weight: LiquidParameter, bias?: LiquidParameter, mask?: Float64Array) {
    const [outputs = 0, inputs = 0] = weight.shape;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#weight = weight;
    this.#bias = bias;
    this.#starts = new Int32Array(outputs + 1);
    const kept: number[] = [];
    for (let row = 0; row < outputs; row++) {
      for (let column = 0; column < inputs; column++) {
        const index = row * inputs + column;
        if (mask === undefined || mask[index] !== 0) kept.push(index);
      }
      this.#starts[row + 1] = kept.length;
    }
    this.macs = kept.length;
    this.#synapses = kept.length === outputs * inputs ? undefined : Int32Array.from(kept);
  }

  forward(x: Float64Array, y: Float64Array): void {
    const { values } = this.#weight;
    const bias = this.#bias?.values;
    const synapses = this.#synapses;
    const { inputs, outputs } = this;
    for (let row = 0; row < outputs; row++) {
      let sum = bias === undefined ? 0 : (bias[row] as number);
      const first = row * inputs;
      if (synapses === undefined) {
        for (let column = 0; column < inputs; column++) {
          sum += (values[first + column] as number) * (x[column] as number);
        }
      } else {
        const end = this.#starts[row + 1] as number;
        for (let k = this.#starts[row] as number; k < end; k++) {
          const index = synapses[k] as number;
          sum += (values[index] as number) * (x[index - first] as number);
        }
      }
      y[row] = sum;
    }
  }

  /** Adds to the gradients of W and b, and to `dx`, of what `forward` computed from `x`. */
  backward(x: Float64Array, dy: Float64Array, dx: Float64Array): void {
    const { values, gradients } = this.#weight;
    const bias = this.#bias?.gradients;
    const synapses = this.#synapses;
    const { inputs, outputs } = this;
    for (let row = 0; row < outputs; row++) {
      const slope = dy[row] as number;
      if (bias !== undefined) bias[row] = (bias[row] as number) + slope;
      const first = row * inputs;
      if (synapses === undefined) {
        for (let column = 0; column < inputs; column++) {
          const index = first + column;
          gradients[index] = (gradients[index] as number) + slope * (x[column] as number);
          dx[column] = (dx[column] as number) + slope * (values[index] as number);
        }
      } else {
        const end = this.#starts[row + 1] as number;
        for (let k = this.#starts[row] as number; k < end; k++) {
          const index = synapses[k] as number;
          const column = index - first;
          gradients[index] = (gradients[index] as number) + slope * (x[column] as number);
          dx[column] = (dx[column] as number) + slope * (values[index] as number);
        }
      }
    }
  }
}
