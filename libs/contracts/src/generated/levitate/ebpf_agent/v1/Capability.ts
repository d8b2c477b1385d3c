// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * One thing the host may or may not allow.
 */
export interface CapabilityInit {
  'name'?: (string);
  'present'?: (boolean);
  'detail'?: (string);
  /**
   * What to do about it; empty when present.
   */
  'fix'?: (string);
}

/**
 * One thing the host may or may not allow.
 */
export interface Capability {
  'name': (string);
  'present': (boolean);
  'detail': (string);
  /**
   * What to do about it; empty when present.
   */
  'fix': (string);
}
