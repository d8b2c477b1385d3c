// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


/**
 * What would have been dropped, simulated beside the real queue with its measured arrivals: an
 * estimate, since senders that react would have sent otherwise.
 */
export interface ShadowEstimateInit {
  /**
   * Since the controller began, bytes.
   */
  'measuredDroppedBytes'?: (number);
  /**
   * With the reactive law in the same envelope.
   */
  'reactiveDroppedBytes'?: (number);
  /**
   * With the original limit left alone.
   */
  'staticDroppedBytes'?: (number);
  /**
   * Time that was simulated.
   */
  'seconds'?: (number);
  /**
   * What they were at least and at most, where measurements are exact.
   */
  'reactiveDroppedBytesLow'?: (number);
  'reactiveDroppedBytesHigh'?: (number);
  'staticDroppedBytesLow'?: (number);
  'staticDroppedBytesHigh'?: (number);
}

/**
 * What would have been dropped, simulated beside the real queue with its measured arrivals: an
 * estimate, since senders that react would have sent otherwise.
 */
export interface ShadowEstimate {
  /**
   * Since the controller began, bytes.
   */
  'measuredDroppedBytes': (number);
  /**
   * With the reactive law in the same envelope.
   */
  'reactiveDroppedBytes': (number);
  /**
   * With the original limit left alone.
   */
  'staticDroppedBytes': (number);
  /**
   * Time that was simulated.
   */
  'seconds': (number);
  /**
   * What they were at least and at most, where measurements are exact.
   */
  'reactiveDroppedBytesLow': (number);
  'reactiveDroppedBytesHigh': (number);
  'staticDroppedBytesLow': (number);
  'staticDroppedBytesHigh': (number);
}
