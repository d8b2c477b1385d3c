import type { Activation } from './kernel/workspace.ts';

/** One layer of a network, from the input on. */
export type LayerSpec =
  /** Long short-term memory; gates in Keras order i f c o. */
  | { kind: 'lstm'; units: number; returnSequences: boolean }
  /** On the last axis, of every step where there are steps. */
  | { kind: 'dense'; units: number; activation: Activation }
  /** Inverted dropout: drops a share `rate` of the numbers in training, nothing in use. */
  | { kind: 'dropout'; rate: number }
  /** Layer normalisation over the last axis; epsilon 1e-3 as in Keras. */
  | { kind: 'layerNorm' }
  /** A Transformer encoder block. */
  | { kind: 'encoder'; heads: number; feedForward: number; dropout: number }
  /** Sinusoidal position encoding, added. */
  | { kind: 'positions' }
  /** The last step alone. */
  | { kind: 'lastStep' }
  /** The mean over the steps. */
  | { kind: 'meanOfSteps' };

/** What a network is, apart from its weights. */
export interface NetworkSpec {
  /** Length of a window, in steps. */
  steps: number;
  /** Numbers in one step. */
  features: number;
  layers: readonly LayerSpec[];
}
