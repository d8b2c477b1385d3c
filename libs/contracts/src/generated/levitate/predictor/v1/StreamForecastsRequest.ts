// Original file: proto/levitate/predictor/v1/predictor.proto


export interface StreamForecastsRequestInit {
  /**
   * Links to follow; empty follows all.
   */
  'links'?: (string)[];
}

export interface StreamForecastsRequest {
  /**
   * Links to follow; empty follows all.
   */
  'links': (string)[];
}
