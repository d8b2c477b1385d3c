// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface ReleaseLeaseResponseInit {
  'limitBytes'?: (number);
}

export interface ReleaseLeaseResponse {
  'limitBytes': (number);
}
