// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface RollbackRequestInit {
  /**
   * Empty means every target.
   */
  'target'?: (string);
}

export interface RollbackRequest {
  /**
   * Empty means every target.
   */
  'target': (string);
}
