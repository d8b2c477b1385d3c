import { CfcCell, type CfcTape } from './cfc-cell.ts';
import type { CellTape, LiquidCell, Slice } from './liquid-cell.ts';
import type { CfcConfig } from './liquid-config.ts';
import { LiquidError } from './liquid-error.ts';
import type { LiquidParameters } from './liquid-parameters.ts';

/** @see WiredCfcCell */
export interface WiredTape extends CellTape {
  readonly cells: readonly CfcTape[];
}

/**
 * Cells in the order of a neural circuit: inter, command, motor. Each sees the new state of the
 * one before and its own old state; the motor cell's state is the output (Lechner et al., "Neural
 * circuit policies", Nature Machine Intelligence 2, 2020). The state is the cells' states joined.
 */
export class WiredCfcCell implements LiquidCell<WiredTape> {
  readonly inputs: number;
  readonly units: number;
  readonly outputs: number;
  readonly macs: number;
  readonly #cells: readonly CfcCell[];
  /** Where each cell's state begins. */
  readonly #starts: readonly number[];
  readonly #dNext: Float64Array;

  /** @throws LiquidError where `PREFIXlayer_0` and so on do not follow one another */
  constructor(parameters: LiquidParameters, config: CfcConfig, prefix: string) {
    const cells: CfcCell[] = [];
    while (parameters.has(`${prefix}layer_${cells.length}.ff1.weight`)) {
      cells.push(new CfcCell(parameters, config, `${prefix}layer_${cells.length}.`));
    }
    const [first] = cells;
    const last = cells.at(-1);
    if (first === undefined || last === undefined) {
      throw new LiquidError('bad-parameter', `${prefix}layer_0.ff1.weight is missing`);
    }
    cells.slice(1).forEach((cell, index) => {
      const before = cells[index] as CfcCell;
      if (cell.inputs === before.units) return;
      const text = `layer_${index + 1} takes ${cell.inputs} inputs after ${before.units} units`;
      throw new LiquidError('bad-parameter', text);
    });
    this.#cells = cells;
    this.inputs = first.inputs;
    this.outputs = last.units;
    this.units = cells.reduce((sum, { units }) => sum + units, 0);
    this.macs = cells.reduce((sum, { macs }) => sum + macs, 0);
    let at = 0;
    this.#starts = cells.map(({ units }) => {
      at += units;
      return at - units;
    });
    this.#dNext = new Float64Array(this.units);
  }

  openTape(): WiredTape {
    const cells = this.#cells.map((cell) => cell.openTape());
    const { next: output } = cells.at(-1) as CfcTape;
    return { cells, next: new Float64Array(this.units), output };
  }

  forward(tape: WiredTape, input: Slice, state: Slice, timespan: number): void {
    let from = input;
    for (let k = 0; k < this.#cells.length; k++) {
      const at = this.#starts[k] as number;
      const cellTape = tape.cells[k] as CfcTape;
      this.#cells[k]?.forward(
        cellTape,
        from,
        { values: state.values, at: state.at + at },
        timespan,
      );
      tape.next.set(cellTape.next, at);
      from = { values: cellTape.next, at: 0 };
    }
  }

  backward(tape: WiredTape, gradients: Parameters<LiquidCell['backward']>[1]): void {
    const { dNext, dOutput, dInput, dState } = gradients;
    const dAll = this.#dNext;
    for (let j = 0; j < this.units; j++) dAll[j] = dNext.values[dNext.at + j] as number;
    for (let k = this.#cells.length - 1; k >= 0; k--) {
      const at = this.#starts[k] as number;
      const isLast = k === this.#cells.length - 1;
      // What a cell was fed is the new state of the one before.
      const before = k === 0 ? dInput : { values: dAll, at: this.#starts[k - 1] as number };
      this.#cells[k]?.backward(tape.cells[k] as CfcTape, {
        dNext: { values: dAll, at },
        dOutput: isLast ? dOutput : undefined,
        dInput: before,
        dState: { values: dState.values, at: dState.at + at },
      });
    }
  }
}
