import { strict as assert } from 'node:assert';
import { CfcCell } from './cfc-cell.ts';
import { checkSequence, type LiquidSequence } from './check-sequence.ts';
import { LinearMap } from './linear-map.ts';
import type { CellTape, LiquidCell } from './liquid-cell.ts';
import { type LiquidConfig, parseLiquidConfig } from './liquid-config.ts';
import { LiquidError } from './liquid-error.ts';
import { type LiquidArrays, LiquidParameters } from './liquid-parameters.ts';
import { LtcCell } from './ltc-cell.ts';
import { type MemoryTape, MixedMemory } from './mixed-memory.ts';
import { WiredCfcCell } from './wired-cfc-cell.ts';

/** What a network carries from step to step. */
export interface LiquidState {
  /** State of the cell [units]. */
  readonly hidden: Float64Array;
  /** Memory of the LSTM [units], where there is one. */
  readonly memory: Float64Array | undefined;
}

interface StepTape {
  readonly cell: CellTape;
  readonly memory: MemoryTape | undefined;
}

/**
 * A liquid network in float64: mixed memory where asked for, the cell, an output projection. What
 * it is follows from a config and named parameters alone. Not safe to share: `forward` keeps what
 * `backward` needs.
 */
export class LiquidNetwork {
  readonly config: LiquidConfig;
  readonly parameters: LiquidParameters;
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  /** Multiply-accumulates of one step, of the synapses that exist; activations not counted. */
  readonly macs: number;
  readonly #cell: LiquidCell;
  readonly #memory: MixedMemory | undefined;
  readonly #projection: LinearMap | undefined;
  readonly #tapes: StepTape[] = [];
  readonly #single: StepTape;
  #steps = 0;

  /**
   * @param options.outputs motor neurons of an LTC without an output map; default all
   * @throws LiquidError where config and parameters make no network
   */
  constructor(options: { config: unknown; parameters: LiquidArrays; outputs?: number }) {
    this.config = parseLiquidConfig(options.config);
    this.parameters = new LiquidParameters(options.parameters);
    this.#cell = cellOf(this.config, this.parameters, options.outputs);
    const { inputs, units } = this.#cell;
    if (this.config.mixedMemory) this.#memory = new MixedMemory(this.parameters, { inputs, units });
    if (this.config.outputProjection) {
      const weight = this.parameters.get('fc.weight');
      const bias = this.parameters.get('fc.bias', weight.shape.slice(0, 1));
      this.#projection = new LinearMap(weight, bias);
      if (this.#projection.inputs !== this.#cell.outputs) {
        const text = `fc takes ${this.#projection.inputs}, the cell gives ${this.#cell.outputs}`;
        throw new LiquidError('bad-parameter', text);
      }
    }
    this.inputs = inputs;
    this.units = units;
    this.outputs = this.#projection?.outputs ?? this.#cell.outputs;
    const parts = [this.#cell, this.#memory, this.#projection];
    this.macs = parts.reduce((sum, part) => sum + (part?.macs ?? 0), 0);
    this.#single = this.#openTape();
  }

  /** The state before anything was seen: zeros. */
  openState(): LiquidState {
    const memory = this.#memory === undefined ? undefined : new Float64Array(this.units);
    return { hidden: new Float64Array(this.units), memory };
  }

  /**
   * One step; advances `state`. Keeps nothing for `backward`.
   * @param input [inputs]
   * @param timespan since the step before, above 0
   * @returns [outputs], a copy
   */
  step(input: Float64Array, state: LiquidState, timespan = 1): Float64Array {
    checkSequence({ values: input, steps: 1, timespans: [timespan] }, this.inputs);
    const output = new Float64Array(this.outputs);
    this.#forwardStep(this.#single, { values: input, at: 0, timespan, state });
    this.#project(this.#single.cell.output, output);
    return output;
  }

  /**
   * All steps of a sequence; advances `state` and keeps what `backward` needs.
   * @returns [steps x outputs], a copy
   * @throws LiquidError `bad-input`: wrong length, a number that is not finite, a timespan not
   * above 0
   */
  forward(sequence: LiquidSequence, state: LiquidState = this.openState()): Float64Array {
    checkSequence(sequence, this.inputs);
    const { values, steps, timespans } = sequence;
    const output = new Float64Array(steps * this.outputs);
    while (this.#tapes.length < steps) this.#tapes.push(this.#openTape());
    for (let t = 0; t < steps; t++) {
      const tape = this.#tapes[t] as StepTape;
      const timespan = timespans?.[t] ?? 1;
      this.#forwardStep(tape, { values, at: t * this.inputs, timespan, state });
      this.#project(tape.cell.output, output.subarray(t * this.outputs, (t + 1) * this.outputs));
    }
    this.#steps = steps;
    return output;
  }

  /**
   * Exact reverse of the last `forward`, through all its steps: adds to `parameters.gradients`.
   * The state before the first step counts as a constant.
   * @param slopes gradient of each output [steps x outputs]
   * @returns gradient of the input [steps x inputs]
   */
  backward(slopes: Float64Array): Float64Array {
    const steps = this.#steps;
    assert(slopes.length === steps * this.outputs, 'one gradient for each output of `forward`');
    const dInput = new Float64Array(steps * this.inputs);
    const dMemory = new Float64Array(this.units);
    const dCellOutput = new Float64Array(this.#cell.outputs);
    let dNext = new Float64Array(this.units);
    let dBefore = new Float64Array(this.units);
    for (let t = steps - 1; t >= 0; t--) {
      const tape = this.#tapes[t] as StepTape;
      this.#projectBackward(tape, slopes.subarray(t * this.outputs), dCellOutput);
      dBefore.fill(0);
      const into = { values: dInput, at: t * this.inputs };
      const dState = { values: dBefore, at: 0 };
      const next = { values: dNext, at: 0 };
      this.#cell.backward(tape.cell, { dNext: next, dOutput: dCellOutput, dInput: into, dState });
      [dNext, dBefore] = [dBefore, dNext];
      if (this.#memory === undefined || tape.memory === undefined) continue;
      dBefore.fill(0);
      const older = { values: dBefore, at: 0 };
      const slope = { dNext, dCell: dMemory, dInput: into, dState: older };
      this.#memory.backward(tape.memory, slope);
      [dNext, dBefore] = [dBefore, dNext];
    }
    return dInput;
  }

  #forwardStep(
    tape: StepTape,
    step: { values: Float64Array; at: number; timespan: number; state: LiquidState },
  ): void {
    const { values, at, timespan, state } = step;
    const { hidden, memory } = state;
    let from = hidden;
    if (this.#memory !== undefined && tape.memory !== undefined && memory !== undefined) {
      this.#memory.forward(tape.memory, { values, at }, { values: hidden, at: 0 }, memory);
      memory.set(tape.memory.cell);
      from = tape.memory.next;
    }
    this.#cell.forward(tape.cell, { values, at }, { values: from, at: 0 }, timespan);
    hidden.set(tape.cell.next);
  }

  #project(given: Float64Array, output: Float64Array): void {
    if (this.#projection === undefined) output.set(given);
    else this.#projection.forward(given, output);
  }

  #projectBackward(tape: StepTape, slopes: Float64Array, into: Float64Array): void {
    if (this.#projection === undefined) {
      into.set(slopes.subarray(0, into.length));
      return;
    }
    into.fill(0);
    this.#projection.backward(tape.cell.output, slopes, into);
  }

  #openTape(): StepTape {
    return { cell: this.#cell.openTape(), memory: this.#memory?.openTape() };
  }
}

/** What the names of a cell's parameters begin with. */
export const CELL_PREFIX = 'rnn_cell.';

function cellOf(
  config: LiquidConfig,
  parameters: LiquidParameters,
  outputs: number | undefined,
): LiquidCell {
  if (config.cell === 'ltc')
    return new LtcCell(parameters, config, { prefix: CELL_PREFIX, outputs });
  if (config.wired) return new WiredCfcCell(parameters, config, CELL_PREFIX);
  return new CfcCell(parameters, config, CELL_PREFIX);
}
