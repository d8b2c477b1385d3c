// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface ApplyResponseInit {
  /**
   * Before the first change; what will be put back.
   */
  'originalSize'?: (number);
}

export interface ApplyResponse {
  /**
   * Before the first change; what will be put back.
   */
  'originalSize': (number);
}
