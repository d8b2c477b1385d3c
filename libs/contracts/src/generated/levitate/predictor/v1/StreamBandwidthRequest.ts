// Original file: proto/levitate/predictor/v1/predictor.proto


export interface StreamBandwidthRequestInit {
  /**
   * Paths to follow; empty follows all.
   */
  'paths'?: (string)[];
}

export interface StreamBandwidthRequest {
  /**
   * Paths to follow; empty follows all.
   */
  'paths': (string)[];
}
