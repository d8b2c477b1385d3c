// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface RestoreRequestInit {
  /**
   * Empty restores every resource.
   */
  'name'?: (string);
  /**
   * Holder who asks for its own resource; empty: an operator.
   */
  'holder'?: (string);
  /**
   * Needed with a holder.
   */
  'fencingToken'?: (number);
  '_fencingToken'?: "fencingToken";
}

export interface RestoreRequest {
  /**
   * Empty restores every resource.
   */
  'name': (string);
  /**
   * Holder who asks for its own resource; empty: an operator.
   */
  'holder': (string);
  /**
   * Needed with a holder.
   */
  'fencingToken'?: (number);
}
