export { type HeapTrial, type HeapTrialOptions, runHeapTrial } from './heap-trial.ts';
export {
  type CompiledLoad,
  compileLoad,
  type HeapLoad,
  type HeapLoadTally,
  LoadJvm,
} from './load-jvm.ts';
