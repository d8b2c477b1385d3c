// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface RestoredLinkInit {
  'link'?: (string);
  'limitBytes'?: (number);
}

export interface RestoredLink {
  'link': (string);
  'limitBytes': (number);
}
