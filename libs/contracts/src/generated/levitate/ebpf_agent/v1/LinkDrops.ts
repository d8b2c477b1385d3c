// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


/**
 * Packets of one link that the kernel threw away for one of its reasons.
 */
export interface LinkDropsInit {
  'link'?: (string);
  /**
   * As the running kernel calls it (enum skb_drop_reason), without the prefix.
   */
  'reason'?: (string);
  'packets'?: (number);
  'bytes'?: (number);
}

/**
 * Packets of one link that the kernel threw away for one of its reasons.
 */
export interface LinkDrops {
  'link': (string);
  /**
   * As the running kernel calls it (enum skb_drop_reason), without the prefix.
   */
  'reason': (string);
  'packets': (number);
  'bytes': (number);
}
