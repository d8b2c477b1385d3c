// Original file: proto/levitate/managed_resource/v1/managed_resource.proto


/**
 * How a resource has done since this reader asked last.
 */
export interface MeasurementInit {
  /**
   * In force, as read from the resource itself.
   */
  'size'?: (number);
  /**
   * Most that was asked for at once, what was rejected with it; may exceed the size.
   */
  'need'?: (number);
  /**
   * The part of the need that was rejected.
   */
  'rejected'?: (number);
  /**
   * Wait before service, p95 where there is one.
   */
  'delaySeconds'?: (number);
  /**
   * Which run of the resource this is; another: it was restarted.
   */
  'instance'?: (string);
  /**
   * Figures of its own.
   */
  'metrics'?: ({[key: string]: number});
  '_rejected'?: "rejected";
  '_delaySeconds'?: "delaySeconds";
}

/**
 * How a resource has done since this reader asked last.
 */
export interface Measurement {
  /**
   * In force, as read from the resource itself.
   */
  'size': (number);
  /**
   * Most that was asked for at once, what was rejected with it; may exceed the size.
   */
  'need': (number);
  /**
   * The part of the need that was rejected.
   */
  'rejected'?: (number);
  /**
   * Wait before service, p95 where there is one.
   */
  'delaySeconds'?: (number);
  /**
   * Which run of the resource this is; another: it was restarted.
   */
  'instance': (string);
  /**
   * Figures of its own.
   */
  'metrics': ({[key: string]: number});
}
