// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * Why one item of a batch was not done: what the call for it alone would have answered.
 */
export interface RefusalInit {
  /**
   * Name of the gRPC status code.
   */
  'code'?: (string);
  /**
   * Closed set of codes.
   */
  'reason'?: (string);
  'message'?: (string);
}

/**
 * Why one item of a batch was not done: what the call for it alone would have answered.
 */
export interface Refusal {
  /**
   * Name of the gRPC status code.
   */
  'code': (string);
  /**
   * Closed set of codes.
   */
  'reason': (string);
  'message': (string);
}
