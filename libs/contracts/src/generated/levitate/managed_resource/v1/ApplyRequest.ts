// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface ApplyRequestInit {
  'name'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  'size'?: (number);
  '_fencingToken'?: "fencingToken";
  '_size'?: "size";
}

export interface ApplyRequest {
  'name': (string);
  'holder': (string);
  'fencingToken'?: (number);
  'size'?: (number);
}
