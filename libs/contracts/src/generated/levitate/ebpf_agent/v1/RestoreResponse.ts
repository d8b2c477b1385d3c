// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { RestoredLinkInit as _levitate_ebpf_agent_v1_RestoredLinkInit, RestoredLink as _levitate_ebpf_agent_v1_RestoredLink } from '../../../levitate/ebpf_agent/v1/RestoredLink.ts';

export interface RestoreResponseInit {
  'restored'?: (_levitate_ebpf_agent_v1_RestoredLinkInit)[];
}

export interface RestoreResponse {
  'restored': (_levitate_ebpf_agent_v1_RestoredLink)[];
}
