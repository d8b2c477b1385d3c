// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface ReleaseLeaseRequestInit {
  'name'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  '_fencingToken'?: "fencingToken";
}

export interface ReleaseLeaseRequest {
  'name': (string);
  'holder': (string);
  'fencingToken'?: (number);
}
