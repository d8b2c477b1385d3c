// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto


/**
 * What one side of the comparison measured since the stage began.
 */
export interface CanarySideInit {
  'hosts'?: (number);
  /**
   * Dropped share of what arrived, 0 to 1.
   */
  'dropShare'?: (number);
  'p99DelayMs'?: (number);
}

/**
 * What one side of the comparison measured since the stage began.
 */
export interface CanarySide {
  'hosts': (number);
  /**
   * Dropped share of what arrived, 0 to 1.
   */
  'dropShare': (number);
  'p99DelayMs': (number);
}
