// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * Whether the world still looks as it did in training.
 */
export interface ModelDriftInit {
  /**
   * Of what is watched.
   */
  'statistic'?: (string);
  'value'?: (number);
  'threshold'?: (number);
  'alarm'?: (boolean);
  'count'?: (number);
}

/**
 * Whether the world still looks as it did in training.
 */
export interface ModelDrift {
  /**
   * Of what is watched.
   */
  'statistic': (string);
  'value': (number);
  'threshold': (number);
  'alarm': (boolean);
  'count': (number);
}
