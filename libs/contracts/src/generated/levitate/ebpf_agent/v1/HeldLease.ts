// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * A lease its holder wants to keep.
 */
export interface HeldLeaseInit {
  'link'?: (string);
  'fencingToken'?: (number);
  '_fencingToken'?: "fencingToken";
}

/**
 * A lease its holder wants to keep.
 */
export interface HeldLease {
  'link': (string);
  'fencingToken'?: (number);
}
