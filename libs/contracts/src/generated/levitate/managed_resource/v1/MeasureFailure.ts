// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


/**
 * Why a resource was not measured.
 */
export interface MeasureFailureInit {
  /**
   * Closed set of codes.
   */
  'reason'?: (string);
  'message'?: (string);
}

/**
 * Why a resource was not measured.
 */
export interface MeasureFailure {
  /**
   * Closed set of codes.
   */
  'reason': (string);
  'message': (string);
}
