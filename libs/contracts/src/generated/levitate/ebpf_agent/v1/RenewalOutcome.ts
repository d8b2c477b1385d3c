// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { RefusalInit as _levitate_ebpf_agent_v1_RefusalInit, Refusal as _levitate_ebpf_agent_v1_Refusal } from '../../../levitate/ebpf_agent/v1/Refusal.ts';

export interface RenewalOutcomeInit {
  'link'?: (string);
  'remainingMs'?: (number);
  /**
   * Set exactly when it was not renewed.
   */
  'refusal'?: (_levitate_ebpf_agent_v1_RefusalInit | null);
}

export interface RenewalOutcome {
  'link': (string);
  'remainingMs': (number);
  /**
   * Set exactly when it was not renewed.
   */
  'refusal': (_levitate_ebpf_agent_v1_Refusal | null);
}
