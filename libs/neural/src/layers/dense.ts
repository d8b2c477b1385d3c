import { type Activation, type Matrix, matrix, type Workspace } from '../kernel/workspace.ts';
import { GrownArray } from './grown-array.ts';
import { constant, glorotUniform } from './initial-values.ts';
import {
  type BackwardPass,
  type Layer,
  type LayerContext,
  type Pass,
  rowsOf,
  type Shape,
} from './layer.ts';
import { LayerParameter } from './layer-parameter.ts';

/** activation(x kernel + bias) on the last axis, with Keras' `kernel` [inputs, units]. */
export class Dense implements Layer {
  readonly output: Shape;
  readonly parameters: readonly LayerParameter[];
  readonly stateWidth = 0;
  readonly #workspace: Workspace;
  readonly #shape: Shape;
  readonly #activation: Activation;
  readonly #kernel: LayerParameter;
  readonly #bias: LayerParameter;
  readonly #output: GrownArray;
  readonly #inputGradient: GrownArray;
  #input: Matrix | undefined;

  constructor(
    { workspace, input, name }: LayerContext,
    { units, activation }: { units: number; activation: Activation },
  ) {
    this.#workspace = workspace;
    this.#shape = input;
    this.#activation = activation;
    this.output = { steps: input.steps, width: units };
    this.#kernel = new LayerParameter({
      name: `${name}.kernel`,
      shape: [input.width, units],
      initial: glorotUniform(input.width, units),
    });
    this.#bias = new LayerParameter({
      name: `${name}.bias`,
      shape: [units],
      initial: constant(units, 0),
    });
    this.parameters = [this.#kernel, this.#bias];
    this.#output = new GrownArray(workspace);
    this.#inputGradient = new GrownArray(workspace);
  }

  forward({ input, batch }: Pass): Float32Array {
    return this.#forward(input, rowsOf(this.#shape, batch));
  }

  backward({ outputGradient, batch, needsInputGradient }: BackwardPass): Float32Array {
    const workspace = this.#workspace;
    const rows = rowsOf(this.#shape, batch);
    const units = this.output.width;
    const inputs = this.#shape.width;
    const output = this.#output.atLeast(rows * units);
    workspace.activateBackward(this.#activation, output, outputGradient, rows * units);
    const sums = matrix(outputGradient, rows, units);
    const kernelGradient = matrix(this.#kernel.gradient, inputs, units);
    const add = { transposeA: true, accumulate: true };
    workspace.product(this.#input as Matrix, sums, kernelGradient, add);
    workspace.sumRows(outputGradient, this.#bias.gradient, rows, units);
    if (!needsInputGradient) return outputGradient;
    const gradient = this.#inputGradient.atLeast(rows * inputs);
    const kernel = matrix(this.#kernel.values, inputs, units);
    workspace.product(sums, kernel, matrix(gradient, rows, inputs), { transposeB: true });
    return gradient;
  }

  step(input: Float32Array, batch: number): Float32Array {
    return this.#forward(input, batch);
  }

  #forward(input: Float32Array, rows: number): Float32Array {
    const units = this.output.width;
    const output = this.#output.atLeast(rows * units);
    const kernel = matrix(this.#kernel.values, this.#shape.width, units);
    this.#input = matrix(input, rows, this.#shape.width);
    this.#workspace.product(this.#input, kernel, matrix(output, rows, units));
    this.#workspace.addToRows(output, this.#bias.values, rows, units);
    this.#workspace.activate(this.#activation, output, output, rows * units);
    return output;
  }
}
