// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * Three quantiles of one quantity.
 */
export interface QuantilesInit {
  'q50'?: (number);
  'q90'?: (number);
  'q99'?: (number);
}

/**
 * Three quantiles of one quantity.
 */
export interface Quantiles {
  'q50': (number);
  'q90': (number);
  'q99': (number);
}
