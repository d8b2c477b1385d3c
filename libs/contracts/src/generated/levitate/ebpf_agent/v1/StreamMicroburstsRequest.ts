// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface StreamMicroburstsRequestInit {
  /**
   * Links to follow; empty follows all.
   */
  'links'?: (string)[];
}

export interface StreamMicroburstsRequest {
  /**
   * Links to follow; empty follows all.
   */
  'links': (string)[];
}
