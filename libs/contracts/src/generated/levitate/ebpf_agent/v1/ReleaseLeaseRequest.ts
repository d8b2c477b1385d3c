// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface ReleaseLeaseRequestInit {
  'link'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  '_fencingToken'?: "fencingToken";
}

export interface ReleaseLeaseRequest {
  'link': (string);
  'holder': (string);
  'fencingToken'?: (number);
}
