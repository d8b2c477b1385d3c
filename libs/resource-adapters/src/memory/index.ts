export { CgroupMemory, type CgroupMemoryOptions } from './cgroup-memory.ts';
export { collectV8, GcPressure } from './gc-pressure.ts';
export { MemoryError, type MemoryErrorCode } from './memory-error.ts';
export { V8Heap, type V8HeapOptions } from './v8-heap.ts';
