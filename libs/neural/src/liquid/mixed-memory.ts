import { LinearMap } from './linear-map.ts';
import type { Slice } from './liquid-cell.ts';
import type { LiquidParameters } from './liquid-parameters.ts';
import { sigmoid } from './sigmoid.ts';

/** What the memory keeps of one step. */
export interface MemoryTape {
  /** Input [inputs] and old state [units]. */
  readonly input: Float64Array;
  readonly state: Float64Array;
  readonly cellBefore: Float64Array;
  /** Cell input, input gate, forget gate, output gate, one after the other [4 x units]. */
  readonly gates: Float64Array;
  readonly cell: Float64Array;
  /** New state, which the liquid cell takes for its old one. */
  readonly next: Float64Array;
}

/**
 * An LSTM step that carries what a liquid cell would forget (Lechner and Hasani 2020, "Learning
 * long-term dependencies in irregularly-sampled time series"). Gate order as in the reference:
 * cell input, input, forget (with 1 added), output.
 */
export class MixedMemory {
  readonly units: number;
  readonly macs: number;
  readonly #inputs: LinearMap;
  readonly #recurrent: LinearMap;
  readonly #sums: Float64Array;
  readonly #dSums: Float64Array;
  readonly #dState: Float64Array;
  readonly #dInput: Float64Array;

  /** @throws LiquidError where `lstm.*` is missing or of another shape */
  constructor(parameters: LiquidParameters, size: { inputs: number; units: number }) {
    const { inputs, units } = size;
    this.units = units;
    this.#inputs = new LinearMap(
      parameters.get('lstm.input_map.weight', [4 * units, inputs]),
      parameters.get('lstm.input_map.bias', [4 * units]),
    );
    this.#recurrent = new LinearMap(
      parameters.get('lstm.recurrent_map.weight', [4 * units, units]),
    );
    this.macs = this.#inputs.macs + this.#recurrent.macs;
    this.#sums = new Float64Array(4 * units);
    this.#dSums = new Float64Array(4 * units);
    this.#dState = new Float64Array(units);
    this.#dInput = new Float64Array(inputs);
  }

  openTape(): MemoryTape {
    const empty = () => new Float64Array(this.units);
    return {
      input: new Float64Array(this.#inputs.inputs),
      state: empty(),
      cellBefore: empty(),
      gates: new Float64Array(4 * this.units),
      cell: empty(),
      next: empty(),
    };
  }

  forward(tape: MemoryTape, input: Slice, state: Slice, cell: Float64Array): void {
    const { units } = this;
    const { gates } = tape;
    const inputs = this.#inputs.inputs;
    for (let i = 0; i < inputs; i++) tape.input[i] = input.values[input.at + i] as number;
    for (let j = 0; j < units; j++) tape.state[j] = state.values[state.at + j] as number;
    tape.cellBefore.set(cell);
    this.#inputs.forward(tape.input, gates);
    this.#recurrent.forward(tape.state, this.#sums);
    for (let j = 0; j < units; j++) {
      const candidate = Math.tanh(at(gates, j) + at(this.#sums, j));
      const inputGate = sigmoid(at(gates, units + j) + at(this.#sums, units + j));
      const forget = sigmoid(at(gates, 2 * units + j) + at(this.#sums, 2 * units + j) + 1);
      const outputGate = sigmoid(at(gates, 3 * units + j) + at(this.#sums, 3 * units + j));
      gates[j] = candidate;
      gates[units + j] = inputGate;
      gates[2 * units + j] = forget;
      gates[3 * units + j] = outputGate;
      const now = at(tape.cellBefore, j) * forget + candidate * inputGate;
      tape.cell[j] = now;
      tape.next[j] = Math.tanh(now) * outputGate;
    }
  }

  /**
   * Adds to the parameters' gradients, to `dInput` and to `dState`; replaces `dCell`, the gradient
   * of the memory after the step, by that before it.
   * @param dNext gradient of the new state [units]
   */
  backward(
    tape: MemoryTape,
    slopes: { dNext: Float64Array; dCell: Float64Array; dInput: Slice; dState: Slice },
  ): void {
    const { dNext, dCell, dInput, dState } = slopes;
    this.#gateSlopes(tape, dNext, dCell);
    this.#dState.fill(0);
    this.#dInput.fill(0);
    this.#recurrent.backward(tape.state, this.#dSums, this.#dState);
    this.#inputs.backward(tape.input, this.#dSums, this.#dInput);
    for (let j = 0; j < this.units; j++) {
      dState.values[dState.at + j] = at(dState.values, dState.at + j) + at(this.#dState, j);
    }
    for (let i = 0; i < this.#dInput.length; i++) {
      dInput.values[dInput.at + i] = at(dInput.values, dInput.at + i) + at(this.#dInput, i);
    }
  }

  #gateSlopes(tape: MemoryTape, dNext: Float64Array, dCell: Float64Array): void {
    const { units } = this;
    const { gates } = tape;
    for (let j = 0; j < units; j++) {
      const candidate = at(gates, j);
      const inputGate = at(gates, units + j);
      const forget = at(gates, 2 * units + j);
      const outputGate = at(gates, 3 * units + j);
      const squashed = Math.tanh(at(tape.cell, j));
      const d = at(dNext, j);
      const dNow = at(dCell, j) + d * outputGate * (1 - squashed * squashed);
      this.#dSums[j] = dNow * inputGate * (1 - candidate * candidate);
      this.#dSums[units + j] = dNow * candidate * inputGate * (1 - inputGate);
      this.#dSums[2 * units + j] = dNow * at(tape.cellBefore, j) * forget * (1 - forget);
      this.#dSums[3 * units + j] = d * squashed * outputGate * (1 - outputGate);
      dCell[j] = dNow * forget;
    }
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
