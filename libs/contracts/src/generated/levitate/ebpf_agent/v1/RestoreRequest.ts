// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface RestoreRequestInit {
  /**
   * Empty restores every link.
   */
  'link'?: (string);
}

export interface RestoreRequest {
  /**
   * Empty restores every link.
   */
  'link': (string);
}
