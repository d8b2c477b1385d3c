/**
 * What a network carries from step to step, in memory of its own: states outlive nothing and need
 * not be given back.
 */
export interface NetworkState {
  /** How many sequences. */
  readonly batch: number;
  /** Numbers of one sequence. */
  readonly width: number;
  /**
   * [batch, width]. A row is all that one sequence carries: copy it to keep or move that sequence,
   * fill it with 0 to start it again.
   */
  readonly values: Float32Array;
}
