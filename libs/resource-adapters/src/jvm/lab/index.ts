export {
  type CompiledLoad,
  compileLoad,
  type HeapLoad,
  type HeapLoadTally,
  LoadJvm,
} from './load-jvm.ts';
