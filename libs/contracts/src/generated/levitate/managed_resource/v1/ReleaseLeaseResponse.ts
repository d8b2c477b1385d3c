// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface ReleaseLeaseResponseInit {
  /**
   * Why the original is not back yet; it is tried until it is. Empty: it is back.
   */
  'owedReason'?: (string);
}

export interface ReleaseLeaseResponse {
  /**
   * Why the original is not back yet; it is tried until it is. Empty: it is back.
   */
  'owedReason': (string);
}
