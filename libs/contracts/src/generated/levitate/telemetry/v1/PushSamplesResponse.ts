// Original file: proto/levitate/telemetry/v1/telemetry.proto


/**
 * One malformed sample refuses the whole push with INVALID_ARGUMENT, which names its field.
 */
export interface PushSamplesResponseInit {
  'accepted'?: (number);
  'duplicate'?: (number);
  'late'?: (number);
  /**
   * Of new links beyond limits.links_max. A push of nothing else is RESOURCE_EXHAUSTED.
   */
  'refused'?: (number);
}

/**
 * One malformed sample refuses the whole push with INVALID_ARGUMENT, which names its field.
 */
export interface PushSamplesResponse {
  'accepted': (number);
  'duplicate': (number);
  'late': (number);
  /**
   * Of new links beyond limits.links_max. A push of nothing else is RESOURCE_EXHAUSTED.
   */
  'refused': (number);
}
