// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface RenewLeaseRequestInit {
  'name'?: (string);
  'holder'?: (string);
  'fencingToken'?: (number);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
  '_fencingToken'?: "fencingToken";
  '_ttlMs'?: "ttlMs";
}

export interface RenewLeaseRequest {
  'name': (string);
  'holder': (string);
  'fencingToken'?: (number);
  /**
   * 500 to 60,000.
   */
  'ttlMs'?: (number);
}
