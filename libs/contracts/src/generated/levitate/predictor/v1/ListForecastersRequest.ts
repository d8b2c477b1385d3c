// Original file: proto/levitate/predictor/v1/predictor.proto


export interface ListForecastersRequestInit {
  /**
   * Empty lists all links.
   */
  'link'?: (string);
}

export interface ListForecastersRequest {
  /**
   * Empty lists all links.
   */
  'link': (string);
}
