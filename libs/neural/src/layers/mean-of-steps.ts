import { strict as assert } from 'node:assert';
import type { Workspace } from '../kernel/workspace.ts';
import { GrownArray } from './grown-array.ts';
import type { BackwardPass, Layer, LayerContext, Pass, Shape } from './layer.ts';

/** The mean over the steps. It needs the whole window, so it cannot go step by step. */
export class MeanOfSteps implements Layer {
  readonly output: Shape;
  readonly parameters = [];
  readonly stateWidth = undefined;
  readonly #workspace: Workspace;
  readonly #steps: number;
  readonly #name: string;
  readonly #output: GrownArray;
  readonly #inputGradient: GrownArray;

  constructor({ workspace, input, name }: LayerContext) {
    assert(input.steps !== undefined, `${name} needs steps, and those are gone before it`);
    this.#workspace = workspace;
    this.#steps = input.steps;
    this.#name = name;
    this.output = { steps: undefined, width: input.width };
    this.#output = new GrownArray(workspace);
    this.#inputGradient = new GrownArray(workspace);
  }

  forward({ input, batch }: Pass): Float32Array {
    const size = batch * this.output.width;
    const output = this.#output.atLeast(size);
    output.fill(0, 0, size);
    // The steps as rows: their column sums are the sums over the steps.
    this.#workspace.sumRows(input, output, this.#steps, size);
    this.#workspace.scale(output, 1 / this.#steps, size);
    return output;
  }

  backward({ outputGradient, batch }: BackwardPass): Float32Array {
    const size = batch * this.output.width;
    const gradient = this.#inputGradient.atLeast(this.#steps * size);
    this.#workspace.scale(outputGradient, 1 / this.#steps, size);
    for (let step = 0; step < this.#steps; step++) {
      gradient.set(outputGradient.subarray(0, size), step * size);
    }
    return gradient;
  }

  step(): Float32Array {
    return assert.fail(`${this.#name} needs all steps at once`);
  }
}
