// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface PauseRequestInit {
  /**
   * 0 pauses until Resume; at most 86,400.
   */
  'durationSeconds'?: (number);
  'reason'?: (string);
}

export interface PauseRequest {
  /**
   * 0 pauses until Resume; at most 86,400.
   */
  'durationSeconds': (number);
  'reason': (string);
}
