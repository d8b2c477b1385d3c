// Original file: proto/levitate/predictor/v1/predictor.proto


export interface GetBandwidthRequestInit {
  'path'?: (string);
}

export interface GetBandwidthRequest {
  'path': (string);
}
