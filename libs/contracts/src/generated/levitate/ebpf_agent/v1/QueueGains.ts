// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * Gains of the PID of a virtual queue; of use where the limit is that of a BPF map.
 */
export interface QueueGainsInit {
  /**
   * All three are said.
   */
  'kp'?: (number);
  'ki'?: (number);
  'kd'?: (number);
  '_kp'?: "kp";
  '_ki'?: "ki";
  '_kd'?: "kd";
}

/**
 * Gains of the PID of a virtual queue; of use where the limit is that of a BPF map.
 */
export interface QueueGains {
  /**
   * All three are said.
   */
  'kp'?: (number);
  'ki'?: (number);
  'kd'?: (number);
}
