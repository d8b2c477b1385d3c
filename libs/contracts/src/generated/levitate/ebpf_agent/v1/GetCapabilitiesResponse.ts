// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { KernelKindInit as _levitate_ebpf_agent_v1_KernelKindInit, KernelKind as _levitate_ebpf_agent_v1_KernelKind } from '../../../levitate/ebpf_agent/v1/KernelKind.ts';
import type { CapabilityInit as _levitate_ebpf_agent_v1_CapabilityInit, Capability as _levitate_ebpf_agent_v1_Capability } from '../../../levitate/ebpf_agent/v1/Capability.ts';

export interface GetCapabilitiesResponseInit {
  'kernel'?: (_levitate_ebpf_agent_v1_KernelKindInit);
  /**
   * Why the kernel is simulated; empty when it is real.
   */
  'simulatedReason'?: (string);
  'capabilities'?: (_levitate_ebpf_agent_v1_CapabilityInit)[];
}

export interface GetCapabilitiesResponse {
  'kernel': (_levitate_ebpf_agent_v1_KernelKind);
  /**
   * Why the kernel is simulated; empty when it is real.
   */
  'simulatedReason': (string);
  'capabilities': (_levitate_ebpf_agent_v1_Capability)[];
}
