/** The map types this library knows (`linux/bpf.h`, `enum bpf_map_type`). */
export const MAP_TYPE = {
  hash: 1,
  array: 2,
  perCpuHash: 5,
  perCpuArray: 6,
  lruHash: 9,
  lruPerCpuHash: 10,
  ringBuffer: 27,
} as const;

/** Whether an entry has one value for each CPU. */
export function isPerCpu(type: number): boolean {
  return (
    type === MAP_TYPE.perCpuHash || type === MAP_TYPE.perCpuArray || type === MAP_TYPE.lruPerCpuHash
  );
}

/** Whether keys are the whole numbers from 0 up to max_entries, all of them always there. */
export function isArray(type: number): boolean {
  return type === MAP_TYPE.array || type === MAP_TYPE.perCpuArray;
}
