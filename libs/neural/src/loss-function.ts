/**
 * The mean loss over a batch of `count` sequences.
 *
 * @param output [count, outputs] of the network
 * @param gradient of the same length, zero before: to be filled with the derivative of the mean
 *   loss by each output
 * @returns the mean loss
 */
export type LossFunction = (output: Float32Array, gradient: Float32Array, count: number) => number;
