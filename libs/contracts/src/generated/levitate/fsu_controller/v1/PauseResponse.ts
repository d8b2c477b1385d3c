// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface PauseResponseInit {
  'pausedUntilUnixMs'?: (number);
}

export interface PauseResponse {
  'pausedUntilUnixMs': (number);
}
