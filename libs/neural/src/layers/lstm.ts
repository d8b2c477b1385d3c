import { strict as assert } from 'node:assert';
import { type Matrix, matrix, type Workspace } from '../kernel/workspace.ts';
import { glorotUniform, orthogonalRows } from './initial-values.ts';
import type { BackwardPass, Layer, LayerContext, Pass, Shape, StateRows } from './layer.ts';
import { LayerParameter } from './layer-parameter.ts';
import { LstmBuffers } from './lstm-buffers.ts';

/**
 * Long short-term memory with Keras' weights: `kernel` [inputs, 4 units], `recurrent` [units,
 * 4 units], `bias` [4 units], gates in the order i f c o, the forget gate's bias starting at 1.
 *
 * The sums of all steps from the input are one matrix product; only the recurrent part goes step
 * by step.
 */
export class Lstm implements Layer {
  readonly output: Shape;
  readonly parameters: readonly LayerParameter[];
  readonly stateWidth: number;
  readonly #workspace: Workspace;
  readonly #units: number;
  readonly #inputs: number;
  readonly #steps: number;
  readonly #kernel: LayerParameter;
  readonly #recurrent: LayerParameter;
  readonly #bias: LayerParameter;
  readonly #window: LstmBuffers;
  readonly #single: LstmBuffers;
  #input: Matrix | undefined;

  constructor(
    { workspace, input, name }: LayerContext,
    { units, returnSequences }: { units: number; returnSequences: boolean },
  ) {
    assert(input.steps !== undefined, `${name} needs steps, and those are gone before it`);
    this.#workspace = workspace;
    this.#units = units;
    this.#inputs = input.width;
    this.#steps = input.steps;
    this.output = { steps: returnSequences ? input.steps : undefined, width: units };
    this.stateWidth = 2 * units;
    this.#kernel = new LayerParameter({
      name: `${name}.kernel`,
      shape: [input.width, 4 * units],
      initial: glorotUniform(input.width, 4 * units),
    });
    this.#recurrent = new LayerParameter({
      name: `${name}.recurrent`,
      shape: [units, 4 * units],
      initial: orthogonalRows(units, 4 * units),
    });
    this.#bias = new LayerParameter({
      name: `${name}.bias`,
      shape: [4 * units],
      initial: () => new Float32Array(4 * units).fill(1, units, 2 * units),
    });
    this.parameters = [this.#kernel, this.#recurrent, this.#bias];
    this.#window = new LstmBuffers({ workspace, steps: input.steps, units });
    this.#single = new LstmBuffers({ workspace, steps: 1, units });
  }

  forward({ input, batch }: Pass): Float32Array {
    const buffers = this.#window.fit(batch);
    const rows = this.#steps * batch;
    this.#input = matrix(input, rows, this.#inputs);
    this.#sums(this.#input, buffers.gates);
    const { lstmSteps } = this.#workspace;
    if (lstmSteps === undefined) this.#stepByStep(buffers);
    else lstmSteps({ ...buffers.all, recurrent: this.#recurrent.values });
    return this.output.steps === undefined ? buffers.lastHidden : buffers.hidden;
  }

  #stepByStep({ steps }: LstmBuffers): void {
    const recurrent = this.#recurrentMatrix();
    for (const [step, views] of steps.entries()) {
      // The state before the first step is zero, and adds nothing.
      if (step > 0) {
        const { hiddenBefore, gatesMatrix } = views;
        this.#workspace.product(hiddenBefore, recurrent, gatesMatrix, { accumulate: true });
      }
      this.#workspace.lstmCell(views.cell);
    }
  }

  backward({ outputGradient, batch, needsInputGradient }: BackwardPass): Float32Array {
    const buffers = this.#window.fit(batch);
    const workspace = this.#workspace;
    const input = this.#input as Matrix;
    const size = batch * this.#units;
    const recurrent = this.#recurrentMatrix();
    const { cellGradient, hiddenGradient } = buffers.openBackward();
    const everyStep = this.output.steps !== undefined;
    let gradient = everyStep ? outputGradient.subarray((this.#steps - 1) * size) : outputGradient;
    for (let step = this.#steps - 1; step >= 0; step--) {
      const { cell, gatesMatrix } = buffers.steps[step] as LstmBuffers['steps'][number];
      workspace.lstmCellBackward({ ...cell, hiddenGradient: gradient, cellGradient });
      if (step === 0) break;
      // What reaches the step before: through the recurrence, and from outside where it has output.
      gradient = everyStep ? outputGradient.subarray((step - 1) * size) : hiddenGradient;
      const target = matrix(gradient, batch, this.#units);
      const options = { transposeB: true, accumulate: everyStep };
      workspace.product(gatesMatrix, recurrent, target, options);
    }
    return this.#parameterGradients(input, buffers, batch, needsInputGradient);
  }

  step(input: Float32Array, batch: number, state: StateRows): Float32Array {
    const buffers = this.#single.fit(batch);
    const [views] = buffers.steps as [LstmBuffers['steps'][number]];
    buffers.readState(state);
    this.#sums(matrix(input, batch, this.#inputs), buffers.gates);
    const { hiddenBefore, gatesMatrix } = views;
    const recurrent = this.#recurrentMatrix();
    this.#workspace.product(hiddenBefore, recurrent, gatesMatrix, { accumulate: true });
    this.#workspace.lstmCell(views.cell);
    buffers.writeState(state);
    return buffers.lastHidden;
  }

  /** gates = input kernel + bias */
  #sums(input: Matrix, gates: Float32Array): void {
    const columns = 4 * this.#units;
    const kernel = matrix(this.#kernel.values, this.#inputs, columns);
    this.#workspace.product(input, kernel, matrix(gates, input.rows, columns));
    this.#workspace.addToRows(gates, this.#bias.values, input.rows, columns);
  }

  /** From the gradients of the sums, which lie where the gates were. */
  #parameterGradients(
    input: Matrix,
    { gates, hiddenBefore, inputGradient }: LstmBuffers,
    batch: number,
    needsInputGradient: boolean,
  ): Float32Array {
    const workspace = this.#workspace;
    const rows = this.#steps * batch;
    const columns = 4 * this.#units;
    const sums = matrix(gates, rows, columns);
    const add = { transposeA: true, accumulate: true };
    workspace.product(input, sums, matrix(this.#kernel.gradient, this.#inputs, columns), add);
    const before = matrix(hiddenBefore, rows, this.#units);
    workspace.product(before, sums, matrix(this.#recurrent.gradient, this.#units, columns), add);
    workspace.sumRows(gates, this.#bias.gradient, rows, columns);
    if (!needsInputGradient) return inputGradient(0);
    const result = inputGradient(rows * this.#inputs);
    const kernel = matrix(this.#kernel.values, this.#inputs, columns);
    const target = matrix(result, rows, this.#inputs);
    workspace.product(sums, kernel, target, { transposeB: true });
    return result;
  }

  #recurrentMatrix(): Matrix {
    return matrix(this.#recurrent.values, this.#units, 4 * this.#units);
  }
}
