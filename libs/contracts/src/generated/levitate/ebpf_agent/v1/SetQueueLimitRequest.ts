// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { QueueGainsInit as _levitate_ebpf_agent_v1_QueueGainsInit, QueueGains as _levitate_ebpf_agent_v1_QueueGains } from '../../../levitate/ebpf_agent/v1/QueueGains.ts';

export interface SetQueueLimitRequestInit {
  'link'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  /**
   * Left out, they stay as they are.
   */
  'gains'?: (_levitate_ebpf_agent_v1_QueueGainsInit | null);
  '_fencingToken'?: "fencingToken";
  '_limitBytes'?: "limitBytes";
}

export interface SetQueueLimitRequest {
  'link': (string);
  'holder': (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  /**
   * Left out, they stay as they are.
   */
  'gains': (_levitate_ebpf_agent_v1_QueueGains | null);
}
