// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

/**
 * What the limit of a link can be written to. A link's chain is tried in its configured order; a
 * link that nothing real can drive ends at the simulated one, which changes nothing on the host.
 */
export const ActuatorKind = {
  ACTUATOR_KIND_UNSPECIFIED: 'ACTUATOR_KIND_UNSPECIFIED',
  ACTUATOR_KIND_QDISC: 'ACTUATOR_KIND_QDISC',
  ACTUATOR_KIND_SOCKET_BUFFERS: 'ACTUATOR_KIND_SOCKET_BUFFERS',
  ACTUATOR_KIND_SYSCTL: 'ACTUATOR_KIND_SYSCTL',
  ACTUATOR_KIND_BPF_MAP: 'ACTUATOR_KIND_BPF_MAP',
  ACTUATOR_KIND_SIMULATED: 'ACTUATOR_KIND_SIMULATED',
} as const;

/**
 * What the limit of a link can be written to. A link's chain is tried in its configured order; a
 * link that nothing real can drive ends at the simulated one, which changes nothing on the host.
 */
export type ActuatorKindInit =
  | 'ACTUATOR_KIND_UNSPECIFIED'
  | 'ACTUATOR_KIND_QDISC'
  | 'ACTUATOR_KIND_SOCKET_BUFFERS'
  | 'ACTUATOR_KIND_SYSCTL'
  | 'ACTUATOR_KIND_BPF_MAP'
  | 'ACTUATOR_KIND_SIMULATED'

/**
 * What the limit of a link can be written to. A link's chain is tried in its configured order; a
 * link that nothing real can drive ends at the simulated one, which changes nothing on the host.
 */
export type ActuatorKind = typeof ActuatorKind[keyof typeof ActuatorKind]
