// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface ListProgramsRequestInit {
}

export interface ListProgramsRequest {
}
