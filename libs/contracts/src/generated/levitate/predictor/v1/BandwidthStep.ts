// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * What one step of the future of a path brings.
 */
export interface BandwidthStepInit {
  'meanBytesPerSecond'?: (number);
  'q10BytesPerSecond'?: (number);
  'q50BytesPerSecond'?: (number);
  'q90BytesPerSecond'?: (number);
}

/**
 * What one step of the future of a path brings.
 */
export interface BandwidthStep {
  'meanBytesPerSecond': (number);
  'q10BytesPerSecond': (number);
  'q50BytesPerSecond': (number);
  'q90BytesPerSecond': (number);
}
