// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { RefusalInit as _levitate_ebpf_agent_v1_RefusalInit, Refusal as _levitate_ebpf_agent_v1_Refusal } from '../../../levitate/ebpf_agent/v1/Refusal.ts';

export interface QueueLimitOutcomeInit {
  'link'?: (string);
  /**
   * As read back from the kernel.
   */
  'limitBytes'?: (number);
  'previousLimitBytes'?: (number);
  /**
   * Wall clock of the change.
   */
  'changedUnixMs'?: (number);
  /**
   * Set exactly when it was not changed.
   */
  'refusal'?: (_levitate_ebpf_agent_v1_RefusalInit | null);
}

export interface QueueLimitOutcome {
  'link': (string);
  /**
   * As read back from the kernel.
   */
  'limitBytes': (number);
  'previousLimitBytes': (number);
  /**
   * Wall clock of the change.
   */
  'changedUnixMs': (number);
  /**
   * Set exactly when it was not changed.
   */
  'refusal': (_levitate_ebpf_agent_v1_Refusal | null);
}
