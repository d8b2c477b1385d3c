// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { ActuatorKindInit as _levitate_ebpf_agent_v1_ActuatorKindInit, ActuatorKind as _levitate_ebpf_agent_v1_ActuatorKind } from '../../../levitate/ebpf_agent/v1/ActuatorKind.ts';

/**
 * An actuator of a link's chain that cannot be driven.
 */
export interface UnavailableActuatorInit {
  'kind'?: (_levitate_ebpf_agent_v1_ActuatorKindInit);
  /**
   * Why, and the next step.
   */
  'reason'?: (string);
}

/**
 * An actuator of a link's chain that cannot be driven.
 */
export interface UnavailableActuator {
  'kind': (_levitate_ebpf_agent_v1_ActuatorKind);
  /**
   * Why, and the next step.
   */
  'reason': (string);
}
