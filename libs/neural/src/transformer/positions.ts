import { strict as assert } from 'node:assert';
import type { Workspace } from '../kernel/workspace.ts';
import { GrownArray } from '../layers/grown-array.ts';
import type { BackwardPass, Layer, LayerContext, Pass, Shape } from '../layers/layer.ts';

/** Wavelengths grow from 2 pi to this times 2 pi (Vaswani et al. 2017, section 3.5). */
const longest = 10_000;

/**
 * Sinusoidal position encoding, added to the input (Vaswani et al., "Attention is all you need",
 * NeurIPS 2017, section 3.5): attention itself does not know the order of its steps.
 */
export class Positions implements Layer {
  readonly output: Shape;
  readonly parameters = [];
  /** A step alone does not know its place in the window. */
  readonly stateWidth = undefined;
  readonly #workspace: Workspace;
  readonly #steps: number;
  /** [steps, width] */
  readonly #encoding: Float32Array;
  readonly #output: GrownArray;

  constructor({ workspace, input, name }: LayerContext) {
    assert(input.steps !== undefined, `${name} needs steps, and those are gone before it`);
    this.#workspace = workspace;
    this.#steps = input.steps;
    this.output = input;
    this.#encoding = workspace.allocate(input.steps * input.width);
    this.#encoding.set(positionEncoding(input.steps, input.width));
    this.#output = new GrownArray(workspace);
  }

  forward({ input, batch }: Pass): Float32Array {
    const { width } = this.output;
    const size = batch * width;
    const output = this.#output.atLeast(this.#steps * size);
    output.set(input.subarray(0, this.#steps * size));
    for (let step = 0; step < this.#steps; step++) {
      const row = this.#encoding.subarray(step * width, (step + 1) * width);
      this.#workspace.addToRows(output.subarray(step * size), row, batch, width);
    }
    return output;
  }

  backward({ outputGradient }: BackwardPass): Float32Array {
    return outputGradient;
  }

  step(): Float32Array {
    throw new RangeError('position encoding needs the whole window');
  }
}

/**
 * @returns [steps, width]: sine in the even columns, cosine in the odd ones, column pair i with
 *   wavelength 2 pi 10000^(2i / width)
 */
export function positionEncoding(steps: number, width: number): Float64Array {
  return Float64Array.from({ length: steps * width }, (_, index) => {
    const column = index % width;
    const step = (index - column) / width;
    const angle = step / longest ** ((column - (column % 2)) / width);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
