import type { NetworkSpec } from '@levitate/neural';

/** Engines in the order of the table. */
export const engineNames = [
  ...(['typescript', 'wasm', 'openblas'] as const),
  ...(['tfjs-cpu', 'tfjs-wasm', 'tfjs-node'] as const),
] as const;

/** Our three kernels and the three engines of tfjs. */
export type EngineName = (typeof engineNames)[number];

/** What one engine did. */
export interface EngineReading {
  /** The exact instructions: the variant of our kernel, or the engine of tfjs. */
  readonly variant: string;
  /** Median of one window, by the wall. */
  readonly windowMs: number;
  /** The same by the process's own CPU time, which others on the core do not lengthen. */
  readonly windowCpuMs: number;
  readonly windows: number;
  /** Median of one step on 64 windows: forward, backward, Adam. */
  readonly trainingStepMs: number;
  readonly trainingStepCpuMs: number;
  readonly trainingSteps: number;
  /** Largest difference of an output from the reference (our plain kernel), same weights. */
  readonly outputDifference: number;
  /** Euclidean norm of the difference of all gradients over that of the reference's. */
  readonly gradientDifference: number;
}

/** A reading, or why there is none. */
export interface EngineReadings {
  readonly name: EngineName;
  readonly reading: EngineReading | string;
}

/** Windows in a training step. */
export const batchOfTraining = 64;

/** The network that every engine computes: the size of the burst forecaster's LSTM. */
export const measuredSpec: NetworkSpec = {
  steps: 60,
  features: 8,
  layers: [
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: true },
    { kind: 'lstm', units: 128, returnSequences: false },
    { kind: 'dense', units: 10, activation: 'linear' },
  ],
};
