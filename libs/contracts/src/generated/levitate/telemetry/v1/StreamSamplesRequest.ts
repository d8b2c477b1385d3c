// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface StreamSamplesRequestInit {
  /**
   * Links to follow; empty follows all.
   */
  'links'?: (string)[];
  /**
   * Start with what the windows hold.
   */
  'backlog'?: (boolean);
}

export interface StreamSamplesRequest {
  /**
   * Links to follow; empty follows all.
   */
  'links': (string)[];
  /**
   * Start with what the windows hold.
   */
  'backlog': (boolean);
}
