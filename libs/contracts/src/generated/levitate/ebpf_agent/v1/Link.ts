// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { ActuatorKindInit as _levitate_ebpf_agent_v1_ActuatorKindInit, ActuatorKind as _levitate_ebpf_agent_v1_ActuatorKind } from '../../../levitate/ebpf_agent/v1/ActuatorKind.ts';
import type { UnavailableActuatorInit as _levitate_ebpf_agent_v1_UnavailableActuatorInit, UnavailableActuator as _levitate_ebpf_agent_v1_UnavailableActuator } from '../../../levitate/ebpf_agent/v1/UnavailableActuator.ts';

/**
 * One queue of the host.
 */
export interface LinkInit {
  'link'?: (string);
  'interface'?: (string);
  'qdisc'?: (string);
  /**
   * Whether its limit can be changed, and if not, why.
   */
  'controllable'?: (boolean);
  'notControllableReason'?: (string);
  'limitBytes'?: (number);
  'originalLimitBytes'?: (number);
  'drainBytesPerSecond'?: (number);
  /**
   * Kernel counters since the qdisc was made.
   */
  'sentBytes'?: (number);
  'sentPackets'?: (number);
  'droppedPackets'?: (number);
  'backlogBytes'?: (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder'?: (string);
  'fencingToken'?: (number);
  /**
   * What a change of its limit is written to; unspecified where the link is not there.
   */
  'actuator'?: (_levitate_ebpf_agent_v1_ActuatorKindInit);
  /**
   * That place in words, for example `tbf 1: of eth0` or `net.core.wmem_max`.
   */
  'actuatorTarget'?: (string);
  /**
   * What stands before it in the link's chain, in order, each with why it cannot be driven.
   */
  'actuatorsUnavailable'?: (_levitate_ebpf_agent_v1_UnavailableActuatorInit)[];
}

/**
 * One queue of the host.
 */
export interface Link {
  'link': (string);
  'interface': (string);
  'qdisc': (string);
  /**
   * Whether its limit can be changed, and if not, why.
   */
  'controllable': (boolean);
  'notControllableReason': (string);
  'limitBytes': (number);
  'originalLimitBytes': (number);
  'drainBytesPerSecond': (number);
  /**
   * Kernel counters since the qdisc was made.
   */
  'sentBytes': (number);
  'sentPackets': (number);
  'droppedPackets': (number);
  'backlogBytes': (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder': (string);
  'fencingToken': (number);
  /**
   * What a change of its limit is written to; unspecified where the link is not there.
   */
  'actuator': (_levitate_ebpf_agent_v1_ActuatorKind);
  /**
   * That place in words, for example `tbf 1: of eth0` or `net.core.wmem_max`.
   */
  'actuatorTarget': (string);
  /**
   * What stands before it in the link's chain, in order, each with why it cannot be driven.
   */
  'actuatorsUnavailable': (_levitate_ebpf_agent_v1_UnavailableActuator)[];
}
