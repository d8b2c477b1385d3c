// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface StreamPathSamplesRequestInit {
  /**
   * Paths to follow; empty follows all.
   */
  'paths'?: (string)[];
  /**
   * Start with what the windows hold.
   */
  'backlog'?: (boolean);
}

export interface StreamPathSamplesRequest {
  /**
   * Paths to follow; empty follows all.
   */
  'paths': (string)[];
  /**
   * Start with what the windows hold.
   */
  'backlog': (boolean);
}
