// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { HeldLeaseInit as _levitate_ebpf_agent_v1_HeldLeaseInit, HeldLease as _levitate_ebpf_agent_v1_HeldLease } from '../../../levitate/ebpf_agent/v1/HeldLease.ts';

export interface RenewLeasesRequestInit {
  'holder'?: (string);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
  /**
   * At most 1,000.
   */
  'leases'?: (_levitate_ebpf_agent_v1_HeldLeaseInit)[];
  '_ttlMs'?: "ttlMs";
}

export interface RenewLeasesRequest {
  'holder': (string);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
  /**
   * At most 1,000.
   */
  'leases': (_levitate_ebpf_agent_v1_HeldLease)[];
}
