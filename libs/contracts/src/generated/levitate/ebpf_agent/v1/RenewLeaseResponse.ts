// Original file: proto/levitate/ebpf_agent/v1/ebpf_agent.proto


export interface RenewLeaseResponseInit {
  'remainingMs'?: (number);
}

export interface RenewLeaseResponse {
  'remainingMs': (number);
}
