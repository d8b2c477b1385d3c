/** What a cell keeps of one step, so that `backward` can undo it. */
export interface CellTape {
  /** State after the step [units]. */
  readonly next: Float64Array;
  /** What the cell gives out [outputs]; may be `next` itself. */
  readonly output: Float64Array;
}

/** Where numbers stand: an array and the place of the first. */
export interface Slice {
  readonly values: Float64Array;
  readonly at: number;
}

/**
 * One step of a recurrent cell and its exact reverse. Tapes are made by the cell that reads them
 * and are used again for every sequence.
 */
export interface LiquidCell<Tape extends CellTape = CellTape> {
  readonly inputs: number;
  /** Length of the state. */
  readonly units: number;
  readonly outputs: number;
  /** Multiply-accumulates of one step, those of synapses that exist. */
  readonly macs: number;
  openTape(): Tape;
  /**
   * @param input [inputs]
   * @param state [units] before the step
   * @param timespan since the last step, in the unit of the training; above 0
   */
  forward(tape: Tape, input: Slice, state: Slice, timespan: number): void;
  /**
   * Adds to the parameters' gradients, to `dInput` and to `dState`.
   * @param dNext gradient that comes from later steps [units]
   * @param dOutput gradient of this step's output [outputs]
   */
  backward(
    tape: Tape,
    gradients: { dNext: Slice; dOutput: Float64Array | undefined; dInput: Slice; dState: Slice },
  ): void;
}
