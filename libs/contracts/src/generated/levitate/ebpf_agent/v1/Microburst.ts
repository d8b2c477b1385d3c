// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface MicroburstInit {
  'link'?: (string);
  /**
   * Wall clock of its first packet.
   */
  'timeUnixMs'?: (number);
  /**
   * From its first packet to its last.
   */
  'durationUs'?: (number);
  'packets'?: (number);
  'bytes'?: (number);
  /**
   * It was cut for its length; the next one of this link continues it.
   */
  'goesOn'?: (boolean);
}

export interface Microburst {
  'link': (string);
  /**
   * Wall clock of its first packet.
   */
  'timeUnixMs': (number);
  /**
   * From its first packet to its last.
   */
  'durationUs': (number);
  'packets': (number);
  'bytes': (number);
  /**
   * It was cut for its length; the next one of this link continues it.
   */
  'goesOn': (boolean);
}
