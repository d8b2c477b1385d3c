import type { Workspace } from '../kernel/workspace.ts';
import { GrownArray } from './grown-array.ts';
import { constant } from './initial-values.ts';
import {
  type BackwardPass,
  type Layer,
  type LayerContext,
  type Pass,
  rowsOf,
  type Shape,
} from './layer.ts';
import { LayerParameter } from './layer-parameter.ts';

/** Added to the variance; what Keras adds. */
const epsilon = 1e-3;

/** Layer normalisation over the last axis (Ba, Kiros and Hinton 2016), with gamma and beta. */
export class LayerNorm implements Layer {
  readonly output: Shape;
  readonly parameters: readonly LayerParameter[];
  readonly stateWidth = 0;
  readonly #workspace: Workspace;
  readonly #gamma: LayerParameter;
  readonly #beta: LayerParameter;
  readonly #output: GrownArray;
  readonly #normalized: GrownArray;
  readonly #inverseDeviation: GrownArray;
  readonly #inputGradient: GrownArray;

  constructor({ workspace, input, name }: LayerContext) {
    const { width } = input;
    this.#workspace = workspace;
    this.output = input;
    this.#gamma = new LayerParameter({
      name: `${name}.gamma`,
      shape: [width],
      initial: constant(width, 1),
    });
    this.#beta = new LayerParameter({
      name: `${name}.beta`,
      shape: [width],
      initial: constant(width, 0),
    });
    this.parameters = [this.#gamma, this.#beta];
    this.#output = new GrownArray(workspace);
    this.#normalized = new GrownArray(workspace);
    this.#inverseDeviation = new GrownArray(workspace);
    this.#inputGradient = new GrownArray(workspace);
  }

  forward({ input, batch }: Pass): Float32Array {
    return this.#forward(input, rowsOf(this.output, batch));
  }

  backward({ outputGradient, batch }: BackwardPass): Float32Array {
    const rows = rowsOf(this.output, batch);
    const { width } = this.output;
    const inputGradient = this.#inputGradient.atLeast(rows * width);
    this.#workspace.normalizeRowsBackward({
      outputGradient,
      gamma: this.#gamma.values,
      normalized: this.#normalized.atLeast(rows * width),
      inverseDeviation: this.#inverseDeviation.atLeast(rows),
      inputGradient,
      gammaGradient: this.#gamma.gradient,
      betaGradient: this.#beta.gradient,
      rows,
      columns: width,
    });
    return inputGradient;
  }

  step(input: Float32Array, batch: number): Float32Array {
    return this.#forward(input, batch);
  }

  #forward(input: Float32Array, rows: number): Float32Array {
    const { width } = this.output;
    const output = this.#output.atLeast(rows * width);
    this.#workspace.normalizeRows({
      input,
      gamma: this.#gamma.values,
      beta: this.#beta.values,
      output,
      normalized: this.#normalized.atLeast(rows * width),
      inverseDeviation: this.#inverseDeviation.atLeast(rows),
      rows,
      columns: width,
      epsilon,
    });
    return output;
  }
}
