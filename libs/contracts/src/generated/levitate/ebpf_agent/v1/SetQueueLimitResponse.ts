// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface SetQueueLimitResponseInit {
  /**
   * As read back from the kernel.
   */
  'limitBytes'?: (number);
  'previousLimitBytes'?: (number);
  /**
   * Wall clock of the change.
   */
  'changedUnixMs'?: (number);
}

export interface SetQueueLimitResponse {
  /**
   * As read back from the kernel.
   */
  'limitBytes': (number);
  'previousLimitBytes': (number);
  /**
   * Wall clock of the change.
   */
  'changedUnixMs': (number);
}
