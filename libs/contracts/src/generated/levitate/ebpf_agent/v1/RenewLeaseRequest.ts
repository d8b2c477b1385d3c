// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface RenewLeaseRequestInit {
  'link'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
  '_fencingToken'?: "fencingToken";
  '_ttlMs'?: "ttlMs";
}

export interface RenewLeaseRequest {
  'link': (string);
  'holder': (string);
  'fencingToken'?: (number);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
}
