// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface RestoredResourceInit {
  'name'?: (string);
  'originalSize'?: (number);
  /**
   * Why it is not back yet; it is tried until it is, once nobody has the lease. Empty: it is back.
   */
  'owedReason'?: (string);
  /**
   * What is in force: original_size, unless that can no longer be, as where the process was started
   * again with less. 0: it is not back yet.
   */
  'size'?: (number);
}

export interface RestoredResource {
  'name': (string);
  'originalSize': (number);
  /**
   * Why it is not back yet; it is tried until it is, once nobody has the lease. Empty: it is back.
   */
  'owedReason': (string);
  /**
   * What is in force: original_size, unless that can no longer be, as where the process was started
   * again with less. 0: it is not back yet.
   */
  'size': (number);
}
