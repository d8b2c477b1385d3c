// Original file: proto/levitate/predictor/v1/predictor.proto


export interface GetModelRequestInit {
  'name'?: (string);
}

export interface GetModelRequest {
  'name': (string);
}
