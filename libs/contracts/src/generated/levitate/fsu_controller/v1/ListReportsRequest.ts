// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface ListReportsRequestInit {
  /**
   * Empty lists all targets.
   */
  'target'?: (string);
}

export interface ListReportsRequest {
  /**
   * Empty lists all targets.
   */
  'target': (string);
}
