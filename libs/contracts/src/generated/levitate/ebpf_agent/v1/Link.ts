// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * One queue of the host.
 */
export interface LinkInit {
  'link'?: (string);
  'interface'?: (string);
  'qdisc'?: (string);
  /**
   * Whether its limit can be changed, and if not, why.
   */
  'controllable'?: (boolean);
  'notControllableReason'?: (string);
  'limitBytes'?: (number);
  'originalLimitBytes'?: (number);
  'drainBytesPerSecond'?: (number);
  /**
   * Kernel counters since the qdisc was made.
   */
  'sentBytes'?: (number);
  'sentPackets'?: (number);
  'droppedPackets'?: (number);
  'backlogBytes'?: (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder'?: (string);
  'fencingToken'?: (number);
}

/**
 * One queue of the host.
 */
export interface Link {
  'link': (string);
  'interface': (string);
  'qdisc': (string);
  /**
   * Whether its limit can be changed, and if not, why.
   */
  'controllable': (boolean);
  'notControllableReason': (string);
  'limitBytes': (number);
  'originalLimitBytes': (number);
  'drainBytesPerSecond': (number);
  /**
   * Kernel counters since the qdisc was made.
   */
  'sentBytes': (number);
  'sentPackets': (number);
  'droppedPackets': (number);
  'backlogBytes': (number);
  /**
   * Present holder of the lease; empty when there is none.
   */
  'leaseHolder': (string);
  'fencingToken': (number);
}
