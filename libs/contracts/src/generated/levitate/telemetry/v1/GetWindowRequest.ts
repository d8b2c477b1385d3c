// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface GetWindowRequestInit {
  'link'?: (string);
}

export interface GetWindowRequest {
  'link': (string);
}
