export { Adam, type AdamOptions, type AdamState } from './adam.ts';
export type { Kernel, KernelName } from './kernel/kernel.ts';
export { openKernel, openTrainingKernel } from './kernel/open-kernel.ts';
export type { Activation } from './kernel/workspace.ts';
export { Adam64, type Adam64Options } from './liquid/adam64.ts';
export { type AutoNcpOptions, autoNcp, type Wiring } from './liquid/auto-ncp.ts';
export type { LiquidSequence } from './liquid/check-sequence.ts';
export { checkVector, type LiquidVector, type VectorErrors } from './liquid/check-vector.ts';
export { initialParameters, type LiquidSizes } from './liquid/initial-parameters.ts';
export { type LiquidConfig, parseLiquidConfig } from './liquid/liquid-config.ts';
export { LiquidError, type LiquidErrorCode } from './liquid/liquid-error.ts';
export { LiquidNetwork, type LiquidState } from './liquid/liquid-network.ts';
export type { LiquidArray, LiquidArrays, LiquidParameter } from './liquid/liquid-parameters.ts';
export { type LiquidEnd, openLiquidEnd, plainLiquidEnd } from './liquid/open-liquid-end.ts';
export type { LossFunction } from './loss-function.ts';
export { Network, type NetworkOptions, type Parameter, type TrainingBatch } from './network.ts';
export type { LayerSpec, NetworkSpec } from './network-spec.ts';
export type { NetworkState } from './network-state.ts';
export {
  type AnsweringNetwork,
  answeringNetwork,
  type NeuralBackend,
  type NeuralEngine,
  openNeuralEngine,
  parseNeuralBackend,
} from './tfjs/neural-backend.ts';
export { openTfjs } from './tfjs/open-tfjs.ts';
export type { Tfjs, TfjsEngine, TfjsEngineName } from './tfjs/tfjs-module.ts';
export { type TfjsBatch, TfjsNetwork } from './tfjs/tfjs-network.ts';
export { type Checkpoint, readCheckpoint, writeCheckpoint } from './training/checkpoint.ts';
export { CheckpointError, identityDifference } from './training/checkpoint-error.ts';
export { cosineSchedule, type Schedule } from './training/schedule.ts';
export { train } from './training/train.ts';
export type {
  EpochRecord,
  TrainOptions,
  TrainOutcome,
  TrainProgress,
} from './training/train-options.ts';
export type { OpenTask, TrainingTask } from './training/training-task.ts';
