// Original file: proto/levitate/telemetry/v1/telemetry.proto


/**
 * The four counts add up to what was pushed.
 */
export interface PushPathSamplesResponseInit {
  'accepted'?: (number);
  'duplicate'?: (number);
  'late'?: (number);
  /**
   * Of new paths, while as many as the server keeps are in use (limits.paths_max).
   */
  'refused'?: (number);
}

/**
 * The four counts add up to what was pushed.
 */
export interface PushPathSamplesResponse {
  'accepted': (number);
  'duplicate': (number);
  'late': (number);
  /**
   * Of new paths, while as many as the server keeps are in use (limits.paths_max).
   */
  'refused': (number);
}
