// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * One observation of an irregularly sampled window.
 */
export interface LiquidStepInit {
  /**
   * Time since the step before; the first one's is ignored.
   */
  'elapsedSeconds'?: (number);
  /**
   * One value for each of the model's features.
   */
  'values'?: (number)[];
}

/**
 * One observation of an irregularly sampled window.
 */
export interface LiquidStep {
  /**
   * Time since the step before; the first one's is ignored.
   */
  'elapsedSeconds': (number);
  /**
   * One value for each of the model's features.
   */
  'values': (number)[];
}
