// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { ProgramInit as _levitate_ebpf_agent_v1_ProgramInit, Program as _levitate_ebpf_agent_v1_Program } from '../../../levitate/ebpf_agent/v1/Program.ts';
import type { LinkIngressInit as _levitate_ebpf_agent_v1_LinkIngressInit, LinkIngress as _levitate_ebpf_agent_v1_LinkIngress } from '../../../levitate/ebpf_agent/v1/LinkIngress.ts';
import type { LinkDropsInit as _levitate_ebpf_agent_v1_LinkDropsInit, LinkDrops as _levitate_ebpf_agent_v1_LinkDrops } from '../../../levitate/ebpf_agent/v1/LinkDrops.ts';

export interface ListProgramsResponseInit {
  'programs'?: (_levitate_ebpf_agent_v1_ProgramInit)[];
  /**
   * Why there are none; empty where there are.
   */
  'unavailableReason'?: (string);
  'ingress'?: (_levitate_ebpf_agent_v1_LinkIngressInit)[];
  'drops'?: (_levitate_ebpf_agent_v1_LinkDropsInit)[];
}

export interface ListProgramsResponse {
  'programs': (_levitate_ebpf_agent_v1_Program)[];
  /**
   * Why there are none; empty where there are.
   */
  'unavailableReason': (string);
  'ingress': (_levitate_ebpf_agent_v1_LinkIngress)[];
  'drops': (_levitate_ebpf_agent_v1_LinkDrops)[];
}
