// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { QueueGainsInit as _levitate_ebpf_agent_v1_QueueGainsInit, QueueGains as _levitate_ebpf_agent_v1_QueueGains } from '../../../levitate/ebpf_agent/v1/QueueGains.ts';

/**
 * One limit to be put in force.
 */
export interface QueueLimitChangeInit {
  'link'?: (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  /**
   * Left out, they stay as they are.
   */
  'gains'?: (_levitate_ebpf_agent_v1_QueueGainsInit | null);
  '_fencingToken'?: "fencingToken";
  '_limitBytes'?: "limitBytes";
}

/**
 * One limit to be put in force.
 */
export interface QueueLimitChange {
  'link': (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  /**
   * Left out, they stay as they are.
   */
  'gains': (_levitate_ebpf_agent_v1_QueueGains | null);
}
