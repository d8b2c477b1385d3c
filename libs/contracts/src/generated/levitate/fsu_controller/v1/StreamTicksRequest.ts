// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


export interface StreamTicksRequestInit {
  /**
   * Empty follows all.
   */
  'targets'?: (string)[];
}

export interface StreamTicksRequest {
  /**
   * Empty follows all.
   */
  'targets': (string)[];
}
