// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface SetQueueLimitRequestInit {
  'link'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
  '_fencingToken'?: "fencingToken";
  '_limitBytes'?: "limitBytes";
}

export interface SetQueueLimitRequest {
  'link': (string);
  'holder': (string);
  'fencingToken'?: (number);
  'limitBytes'?: (number);
}
