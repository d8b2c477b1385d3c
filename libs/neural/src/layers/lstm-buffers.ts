import {
  type LstmCell,
  type LstmSteps,
  type Matrix,
  matrix,
  type Workspace,
} from '../kernel/workspace.ts';
import { GrownArray } from './grown-array.ts';
import type { StateRows } from './layer.ts';

/** Views of one step. */
interface StepViews {
  readonly cell: LstmCell;
  readonly gatesMatrix: Matrix;
  readonly hiddenBefore: Matrix;
}

/**
 * Memory of an LSTM for a number of steps. Hidden states and cells have one more row of the batch
 * in front, the state before the first step: the states before each step lie in one piece too.
 */
export class LstmBuffers {
  /** [steps, batch, 4 units] */
  gates: Float32Array;
  /** [steps, batch, units]: states after each step. */
  hidden: Float32Array;
  /** [steps, batch, units]: states before each step. */
  hiddenBefore: Float32Array;
  /** [batch, units] */
  lastHidden: Float32Array;
  steps: readonly StepViews[] = [];
  /** All of them at once. */
  all: Omit<LstmSteps, 'recurrent'>;
  readonly #workspace: Workspace;
  readonly #stepCount: number;
  readonly #units: number;
  readonly #cells: GrownArray;
  readonly #inputGradient: GrownArray;
  readonly #stateGradients: GrownArray;
  #cellStates: Float32Array;
  #batch = 0;

  constructor(options: { workspace: Workspace; steps: number; units: number }) {
    this.#workspace = options.workspace;
    this.#stepCount = options.steps;
    this.#units = options.units;
    this.#cells = new GrownArray(options.workspace);
    this.#inputGradient = new GrownArray(options.workspace);
    this.#stateGradients = new GrownArray(options.workspace);
    const none = options.workspace.allocate(0);
    this.gates = none;
    this.hidden = none;
    this.hiddenBefore = none;
    this.lastHidden = none;
    this.#cellStates = none;
    this.all = {
      ...{ gates: none, hiddens: none, cells: none, cellTanhs: none },
      ...{ steps: 0, batch: 0, units: options.units },
    };
  }

  /** Makes room for a batch and lays out the views; costs nothing for the batch it had last. */
  fit(batch: number): this {
    if (batch === this.#batch) return this;
    const size = batch * this.#units;
    const steps = this.#stepCount;
    const memory = this.#cells.atLeast((4 * steps + 2 * (steps + 1) + steps) * size);
    let at = 0;
    const take = (length: number) => {
      at += length;
      return memory.subarray(at - length, at);
    };
    this.gates = take(4 * steps * size);
    const hiddens = take((steps + 1) * size);
    this.#cellStates = take((steps + 1) * size);
    const tanhs = take(steps * size);
    this.hiddenBefore = hiddens;
    this.hidden = hiddens.subarray(size);
    this.lastHidden = hiddens.subarray(steps * size);
    hiddens.fill(0, 0, size);
    this.#cellStates.fill(0, 0, size);
    this.steps = Array.from({ length: steps }, (_, step) => this.#views(step, batch, tanhs));
    this.all = {
      ...{ gates: this.gates, hiddens, cells: this.#cellStates, cellTanhs: tanhs },
      ...{ steps, batch, units: this.#units },
    };
    this.#batch = batch;
    return this;
  }

  /** Zeros for the gradients that go back from step to step, [batch, units] each. */
  openBackward(): { cellGradient: Float32Array; hiddenGradient: Float32Array } {
    const size = this.#batch * this.#units;
    const both = this.#stateGradients.atLeast(2 * size);
    both.fill(0, 0, 2 * size);
    return { cellGradient: both, hiddenGradient: both.subarray(size) };
  }

  /** @returns room for that many numbers */
  readonly inputGradient = (length: number): Float32Array => this.#inputGradient.atLeast(length);

  /** Takes hidden states and cells of each row, [units] each, as those before the first step. */
  readState({ values, offset, stride }: StateRows): void {
    const units = this.#units;
    for (let row = 0; row < this.#batch; row++) {
      const from = offset + row * stride;
      const cell = from + units;
      this.hiddenBefore.set(values.subarray(from, cell), row * units);
      this.#cellStates.set(values.subarray(cell, cell + units), row * units);
    }
  }

  /** Writes hidden states and cells after the last step. */
  writeState({ values, offset, stride }: StateRows): void {
    const units = this.#units;
    const cells = this.#cellStates.subarray(this.#stepCount * this.#batch * units);
    for (let row = 0; row < this.#batch; row++) {
      const to = offset + row * stride;
      const own = row * units;
      values.set(this.lastHidden.subarray(own, own + units), to);
      values.set(cells.subarray(own, own + units), to + units);
    }
  }

  #views(step: number, batch: number, tanhs: Float32Array): StepViews {
    const units = this.#units;
    const size = batch * units;
    const part = (values: Float32Array, at: number) => values.subarray(at * size, (at + 1) * size);
    const gates = this.gates.subarray(4 * step * size, 4 * (step + 1) * size);
    return {
      cell: {
        gates,
        cellBefore: part(this.#cellStates, step),
        cell: part(this.#cellStates, step + 1),
        cellTanh: part(tanhs, step),
        hidden: part(this.hidden, step),
        batch,
        units,
      },
      gatesMatrix: matrix(gates, batch, 4 * units),
      hiddenBefore: matrix(part(this.hiddenBefore, step), batch, units),
    };
  }
}
