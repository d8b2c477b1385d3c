// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface RenewLeaseResponseInit {
  'remainingMs'?: (number);
}

export interface RenewLeaseResponse {
  'remainingMs': (number);
}
