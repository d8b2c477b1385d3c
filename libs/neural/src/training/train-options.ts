import type { KernelName } from '../kernel/kernel.ts';
import type { Parameter } from '../network.ts';

/** Settings of `train`. */
export interface TrainOptions {
  /** The module that exports `openTask`; each worker opens the task for itself, once. */
  task: { module: URL; options: unknown };
  kernel: KernelName;
  /** Threads that share each batch. Another number gives other bytes: sums go in another order. */
  workers: number;
  /** Of starting weights, order of examples, masks of dropout. */
  seed: string;
  /** Examples in a batch, over all workers. */
  batch: number;
  /** The most passes over the examples. */
  epochs: number;
  /** Epochs without a better validation score after which the training stops. */
  patience: number;
  /** The learning rate of each step, of `steps` that all epochs together have. */
  schedule: (step: number, steps: number) => number;
  /** Limit of the norm of the gradients. */
  clipNorm: number;
  /** File that is written after each epoch, and carried on from when it is there. */
  checkpoint?: string;
  signal: AbortSignal;
  onProgress: (progress: TrainProgress) => void;
}

/** Where a training is, after a step. */
export interface TrainProgress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Within the epoch, from 1. */
  step: number;
  /** Of one epoch. */
  steps: number;
  /** Mean over the epoch so far. */
  loss: number;
  /** After the last step of an epoch. */
  validation?: number;
  /** Until all epochs are done; a stop for want of progress comes earlier. */
  etaSeconds: number;
}

/** One epoch of a training. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Mean training loss. */
  loss: number;
  validation: number;
}

/** What a training gives. */
export interface TrainOutcome {
  /** Weights of the epoch with the best validation score. */
  parameters: Parameter[];
  bestEpoch: number;
  history: EpochRecord[];
  /** The instructions that made the bytes (`Kernel.variant`). */
  variant: string;
}
