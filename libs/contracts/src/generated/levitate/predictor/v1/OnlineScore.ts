// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * Running score of one forecaster against what really happened.
 */
export interface OnlineScoreInit {
  'forecaster'?: (string);
  /**
   * Mean loss of late, in the unit of the quantity.
   */
  'loss'?: (number);
  'count'?: (number);
  /**
   * Paths or links it serves now.
   */
  'serving'?: (number);
}

/**
 * Running score of one forecaster against what really happened.
 */
export interface OnlineScore {
  'forecaster': (string);
  /**
   * Mean loss of late, in the unit of the quantity.
   */
  'loss': (number);
  'count': (number);
  /**
   * Paths or links it serves now.
   */
  'serving': (number);
}
