import type { NetworkSpec } from '@levitate/neural';
import { BANDWIDTH_FEATURES } from './bandwidth-features.ts';
import { BANDWIDTH_OUTPUTS } from './bandwidth-outputs.ts';
import { SEQUENCE } from './bandwidth-windows.ts';

/**
 * Seconds that a network in use reads, the newest of the window's. What it is told of each second
 * already holds the statistics of all before: from 60 s on validation shows no difference to all
 * 100 (0.8492 of the error of last value against 0.8488), and two members take the time of one.
 */
export const SERVED_STEPS = 60;

/**
 * The bandwidth network (SPEC 3.2): LSTM 128, dropout 0.2, LSTM 64, dropout 0.2, dense 32 relu, and
 * one linear layer for all answers. Its weights are the same whether it answers after every step
 * (in training, where one pass over a sequence then teaches many windows) or after the last.
 */
export function bandwidthSpec({
  answers,
  steps = SEQUENCE,
  dropout: rate = 0.2,
}: {
  answers: 'every step' | 'last step';
  /** Seconds it reads; default a whole sequence. */
  steps?: number | undefined;
  /** Of the training; a network in use drops nothing. */
  dropout?: number | undefined;
}): NetworkSpec {
  return {
    steps,
    features: BANDWIDTH_FEATURES,
    layers: [
      { kind: 'lstm', units: 128, returnSequences: true },
      { kind: 'dropout', rate },
      { kind: 'lstm', units: 64, returnSequences: answers === 'every step' },
      { kind: 'dropout', rate },
      { kind: 'dense', units: 32, activation: 'relu' },
      { kind: 'dense', units: BANDWIDTH_OUTPUTS, activation: 'linear' },
    ],
  };
}
