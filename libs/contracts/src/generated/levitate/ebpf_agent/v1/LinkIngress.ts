// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * What the XDP program of one link counted since it was loaded.
 */
export interface LinkIngressInit {
  'link'?: (string);
  'packets'?: (number);
  'bytes'?: (number);
  'syns'?: (number);
  'microbursts'?: (number);
  /**
   * Dropped by its verdict, which only the mode police has.
   */
  'policedPackets'?: (number);
  'policedBytes'?: (number);
  /**
   * Found no room in the virtual queue, in the mode monitor too.
   */
  'overLimitPackets'?: (number);
  /**
   * Share of packets that the PID would drop, 0 to 1.
   */
  'dropProbability'?: (number);
  /**
   * Of the virtual queue.
   */
  'levelBytes'?: (number);
  'maxSizeBytes'?: (number);
}

/**
 * What the XDP program of one link counted since it was loaded.
 */
export interface LinkIngress {
  'link': (string);
  'packets': (number);
  'bytes': (number);
  'syns': (number);
  'microbursts': (number);
  /**
   * Dropped by its verdict, which only the mode police has.
   */
  'policedPackets': (number);
  'policedBytes': (number);
  /**
   * Found no room in the virtual queue, in the mode monitor too.
   */
  'overLimitPackets': (number);
  /**
   * Share of packets that the PID would drop, 0 to 1.
   */
  'dropProbability': (number);
  /**
   * Of the virtual queue.
   */
  'levelBytes': (number);
  'maxSizeBytes': (number);
}
