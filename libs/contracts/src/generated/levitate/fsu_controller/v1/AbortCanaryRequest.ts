// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface AbortCanaryRequestInit {
  'reason'?: (string);
}

export interface AbortCanaryRequest {
  'reason': (string);
}
