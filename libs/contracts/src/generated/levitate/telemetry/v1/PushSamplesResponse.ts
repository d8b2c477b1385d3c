// Original file: proto/levitate/telemetry/v1/telemetry.proto


export interface PushSamplesResponseInit {
  'accepted'?: (number);
  'duplicate'?: (number);
  'late'?: (number);
}

export interface PushSamplesResponse {
  'accepted': (number);
  'duplicate': (number);
  'late': (number);
}
