export { Jcmd, type JcmdOptions } from './jcmd.ts';
export { Jolokia, type JolokiaOptions } from './jolokia.ts';
export {
  type Collector,
  type HeapFlag,
  heapFlags,
  type JvmAccess,
  type JvmReading,
} from './jvm-access.ts';
export { JvmError, type JvmErrorCode } from './jvm-error.ts';
export { JvmHeap, type JvmHeapOptions } from './jvm-heap.ts';
