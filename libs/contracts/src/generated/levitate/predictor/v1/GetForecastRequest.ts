// Original file: proto/levitate/predictor/v1/predictor.proto


export interface GetForecastRequestInit {
  'link'?: (string);
}

export interface GetForecastRequest {
  'link': (string);
}
