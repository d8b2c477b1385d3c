// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface GetPathWindowRequestInit {
  'path'?: (string);
}

export interface GetPathWindowRequest {
  'path': (string);
}
