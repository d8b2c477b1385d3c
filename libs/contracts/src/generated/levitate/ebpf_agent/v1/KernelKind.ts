// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

/**
 * Which kernel the agent drives.
 */
export const KernelKind = {
  KERNEL_KIND_UNSPECIFIED: 'KERNEL_KIND_UNSPECIFIED',
  KERNEL_KIND_REAL: 'KERNEL_KIND_REAL',
  KERNEL_KIND_SIMULATED: 'KERNEL_KIND_SIMULATED',
} as const;

/**
 * Which kernel the agent drives.
 */
export type KernelKindInit =
  | 'KERNEL_KIND_UNSPECIFIED'
  | 'KERNEL_KIND_REAL'
  | 'KERNEL_KIND_SIMULATED'

/**
 * Which kernel the agent drives.
 */
export type KernelKind = typeof KernelKind[keyof typeof KernelKind]
