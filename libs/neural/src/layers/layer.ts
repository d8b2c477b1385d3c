import type { SeededRandom } from '@levitate/clock';
import type { Workspace } from '../kernel/workspace.ts';
import type { LayerParameter } from './layer-parameter.ts';

/**
 * What one sequence looks like between two layers: `steps` rows of `width` numbers, or one row
 * alone once the steps are gone (`steps` undefined). In memory a batch of sequences is
 * [steps, batch, width]: all first steps, then all second steps. A recurrent layer takes one step
 * of the whole batch at a time, and finds it in one piece.
 */
export interface Shape {
  readonly steps: number | undefined;
  readonly width: number;
}

/** @returns how many rows a batch of this shape has. */
export function rowsOf({ steps = 1 }: Shape, batch: number): number {
  return steps * batch;
}

/** What a layer is made with. */
export interface LayerContext {
  readonly workspace: Workspace;
  readonly input: Shape;
  /** Front of the names of its parameters, unique in the network: `0.lstm`. */
  readonly name: string;
}

/** One forward pass. */
export interface Pass {
  /** [steps, batch, width] or [batch, width], by the shape of the layer's input. */
  readonly input: Float32Array;
  readonly batch: number;
  /** There in training only: what dropout draws from. */
  readonly random?: SeededRandom;
}

/** One backward pass, after a forward pass of the same batch. */
export interface BackwardPass {
  /** Gradient of the loss by the output; the layer may overwrite it. */
  readonly outputGradient: Float32Array;
  readonly batch: number;
  /** False for the first layer with parameters: nothing asks for what lies before it. */
  readonly needsInputGradient: boolean;
}

/** Where a layer keeps what it carries from step to step: one row for each sequence. */
export interface StateRows {
  readonly values: Float32Array;
  /** Where the layer's part of a row starts. */
  readonly offset: number;
  /** From row to row. */
  readonly stride: number;
}

/**
 * One layer. Arrays that come out belong to the layer and hold until its next pass; inputs of a
 * forward pass stay unchanged until the backward pass is over.
 */
export interface Layer {
  readonly output: Shape;
  /** In Keras order. Their `values` and `gradient` are there from the first pass on. */
  readonly parameters: readonly LayerParameter[];
  forward(pass: Pass): Float32Array;
  /**
   * Adds to the gradients of the parameters.
   * @returns the gradient by the input; anything where it is not needed
   */
  backward(pass: BackwardPass): Float32Array;
  /** Numbers that one sequence carries from step to step; undefined: cannot go step by step. */
  readonly stateWidth: number | undefined;
  /**
   * One step of [batch, width], carrying on from `state` and leaving the new state there.
   * Called only where `stateWidth` is defined.
   */
  step(input: Float32Array, batch: number, state: StateRows): Float32Array;
}
