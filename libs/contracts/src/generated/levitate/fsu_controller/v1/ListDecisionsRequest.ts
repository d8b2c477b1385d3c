// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface ListDecisionsRequestInit {
  /**
   * Empty lists all targets.
   */
  'target'?: (string);
  /**
   * 1 to 1,000; 0 means 100.
   */
  'limit'?: (number);
}

export interface ListDecisionsRequest {
  /**
   * Empty lists all targets.
   */
  'target': (string);
  /**
   * 1 to 1,000; 0 means 100.
   */
  'limit': (number);
}
