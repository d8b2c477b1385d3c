import type { KernelName } from '../kernel/kernel.ts';
import type { NetworkSpec } from '../network-spec.ts';

/** What a worker is started with. */
export interface WorkerStart {
  module: string;
  options: unknown;
  kernel: KernelName;
  seed: string;
}

/** A question to a worker; it answers each with one `TrainingReply`. */
export type TrainingRequest =
  /** Opens the task. */
  | { kind: 'open' }
  /** Memory to exchange numbers in: weights for all, gradients for this worker alone. */
  | { kind: 'share'; weights: SharedArrayBuffer; gradients: SharedArrayBuffer }
  /** Gradients of the mean loss over `indices`; `label` names the place in the training. */
  | { kind: 'step'; indices: readonly number[]; label: string }
  | { kind: 'validate' };

/** The answer to the request of the same kind. */
export type TrainingReply =
  | { kind: 'open'; spec: NetworkSpec; trainingCount: number }
  | { kind: 'share' }
  | { kind: 'step'; loss: number }
  | { kind: 'validate'; score: number };
