// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { RenewalOutcomeInit as _levitate_ebpf_agent_v1_RenewalOutcomeInit, RenewalOutcome as _levitate_ebpf_agent_v1_RenewalOutcome } from '../../../levitate/ebpf_agent/v1/RenewalOutcome.ts';

export interface RenewLeasesResponseInit {
  /**
   * In the order of the request.
   */
  'outcomes'?: (_levitate_ebpf_agent_v1_RenewalOutcomeInit)[];
}

export interface RenewLeasesResponse {
  /**
   * In the order of the request.
   */
  'outcomes': (_levitate_ebpf_agent_v1_RenewalOutcome)[];
}
