// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


export interface MeasureRequestInit {
  /**
   * At most 1,000; empty measures all.
   */
  'names'?: (string)[];
  /**
   * Who reads: peaks are kept for each reader until it reads. Readers that name none share.
   */
  'reader'?: (string);
}

export interface MeasureRequest {
  /**
   * At most 1,000; empty measures all.
   */
  'names': (string)[];
  /**
   * Who reads: peaks are kept for each reader until it reads. Readers that name none share.
   */
  'reader': (string);
}
