// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { MicroburstInit as _levitate_ebpf_agent_v1_MicroburstInit, Microburst as _levitate_ebpf_agent_v1_Microburst } from '../../../levitate/ebpf_agent/v1/Microburst.ts';

export interface StreamMicroburstsResponseInit {
  'microbursts'?: (_levitate_ebpf_agent_v1_MicroburstInit)[];
  /**
   * Microbursts this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamMicroburstsResponse {
  'microbursts': (_levitate_ebpf_agent_v1_Microburst)[];
  /**
   * Microbursts this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
