// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { QueueLimitChangeInit as _levitate_ebpf_agent_v1_QueueLimitChangeInit, QueueLimitChange as _levitate_ebpf_agent_v1_QueueLimitChange } from '../../../levitate/ebpf_agent/v1/QueueLimitChange.ts';

export interface SetQueueLimitsRequestInit {
  'holder'?: (string);
  /**
   * At most 1,000.
   */
  'changes'?: (_levitate_ebpf_agent_v1_QueueLimitChangeInit)[];
}

export interface SetQueueLimitsRequest {
  'holder': (string);
  /**
   * At most 1,000.
   */
  'changes': (_levitate_ebpf_agent_v1_QueueLimitChange)[];
}
