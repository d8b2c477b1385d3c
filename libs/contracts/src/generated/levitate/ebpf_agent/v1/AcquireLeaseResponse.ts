// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface AcquireLeaseResponseInit {
  'fencingToken'?: (number);
  'originalLimitBytes'?: (number);
  'limitBytes'?: (number);
}

export interface AcquireLeaseResponse {
  'fencingToken': (number);
  'originalLimitBytes': (number);
  'limitBytes': (number);
}
