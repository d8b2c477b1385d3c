// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { QueueLimitOutcomeInit as _levitate_ebpf_agent_v1_QueueLimitOutcomeInit, QueueLimitOutcome as _levitate_ebpf_agent_v1_QueueLimitOutcome } from '../../../levitate/ebpf_agent/v1/QueueLimitOutcome.ts';

export interface SetQueueLimitsResponseInit {
  /**
   * In the order of the request.
   */
  'outcomes'?: (_levitate_ebpf_agent_v1_QueueLimitOutcomeInit)[];
}

export interface SetQueueLimitsResponse {
  /**
   * In the order of the request.
   */
  'outcomes': (_levitate_ebpf_agent_v1_QueueLimitOutcome)[];
}
