// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface GetCapabilitiesRequestInit {
}

export interface GetCapabilitiesRequest {
}
