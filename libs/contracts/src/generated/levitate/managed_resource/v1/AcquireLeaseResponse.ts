// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface AcquireLeaseResponseInit {
  'fencingToken'?: (number);
  'remainingMs'?: (number);
}

export interface AcquireLeaseResponse {
  'fencingToken': (number);
  'remainingMs': (number);
}
