// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto

import type { LinkInit as _levitate_ebpf_agent_v1_LinkInit, Link as _levitate_ebpf_agent_v1_Link } from '../../../levitate/ebpf_agent/v1/Link.ts';
import type { KernelKindInit as _levitate_ebpf_agent_v1_KernelKindInit, KernelKind as _levitate_ebpf_agent_v1_KernelKind } from '../../../levitate/ebpf_agent/v1/KernelKind.ts';

export interface ListLinksResponseInit {
  'links'?: (_levitate_ebpf_agent_v1_LinkInit)[];
  'kernel'?: (_levitate_ebpf_agent_v1_KernelKindInit);
}

export interface ListLinksResponse {
  'links': (_levitate_ebpf_agent_v1_Link)[];
  'kernel': (_levitate_ebpf_agent_v1_KernelKind);
}
