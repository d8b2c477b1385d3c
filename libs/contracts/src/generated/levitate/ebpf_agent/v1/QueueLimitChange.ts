// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * One limit to be put in force.
 */
export interface QueueLimitChangeInit {
  'link'?: (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  '_fencingToken'?: "fencingToken";
  '_limitBytes'?: "limitBytes";
}

/**
 * One limit to be put in force.
 */
export interface QueueLimitChange {
  'link': (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
}
