import { strict as assert } from 'node:assert';
import { GrownArray } from './grown-array.ts';
import type { BackwardPass, Layer, LayerContext, Pass, Shape } from './layer.ts';

/** Keeps the last step and drops the others. */
export class LastStep implements Layer {
  readonly output: Shape;
  readonly parameters = [];
  readonly stateWidth = 0;
  readonly #steps: number;
  readonly #inputGradient: GrownArray;

  constructor({ workspace, input, name }: LayerContext) {
    assert(input.steps !== undefined, `${name} needs steps, and those are gone before it`);
    this.#steps = input.steps;
    this.output = { steps: undefined, width: input.width };
    this.#inputGradient = new GrownArray(workspace);
  }

  forward({ input, batch }: Pass): Float32Array {
    const size = batch * this.output.width;
    return input.subarray((this.#steps - 1) * size, this.#steps * size);
  }

  backward({ outputGradient, batch }: BackwardPass): Float32Array {
    const size = batch * this.output.width;
    const gradient = this.#inputGradient.atLeast(this.#steps * size);
    gradient.fill(0, 0, (this.#steps - 1) * size);
    gradient.set(outputGradient.subarray(0, size), (this.#steps - 1) * size);
    return gradient;
  }

  step(input: Float32Array): Float32Array {
    return input;
  }
}
