// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * One eBPF program and one place where it hangs.
 */
export interface ProgramInit {
  'name'?: (string);
  /**
   * Empty for a program of the whole machine.
   */
  'link'?: (string);
  /**
   * xdp, tcx, clsact, tracepoint; none where it does not hang.
   */
  'hook'?: (string);
  /**
   * How it hangs, or why it does not.
   */
  'detail'?: (string);
  /**
   * native or generic; of XDP programs alone.
   */
  'xdpMode'?: (string);
  /**
   * Runs and nanoseconds while the kernel's run statistics were on, over all its places.
   */
  'runCount'?: (number);
  'runTimeNs'?: (number);
}

/**
 * One eBPF program and one place where it hangs.
 */
export interface Program {
  'name': (string);
  /**
   * Empty for a program of the whole machine.
   */
  'link': (string);
  /**
   * xdp, tcx, clsact, tracepoint; none where it does not hang.
   */
  'hook': (string);
  /**
   * How it hangs, or why it does not.
   */
  'detail': (string);
  /**
   * native or generic; of XDP programs alone.
   */
  'xdpMode': (string);
  /**
   * Runs and nanoseconds while the kernel's run statistics were on, over all its places.
   */
  'runCount': (number);
  'runTimeNs': (number);
}
