// Original file: proto/levitate/predictor/v1/predictor.proto


export interface LiquidAnswerInit {
  /**
   * The ensemble's mean for each output.
   */
  'values'?: (number)[];
  /**
   * 1 - variance between members / variance of the training targets, within 0 and 1.
   */
  'coherence'?: (number);
  /**
   * Coherence reached the threshold; where not, the caller falls back.
   */
  'coherent'?: (boolean);
  /**
   * It was computed before, for the same model and the same window.
   */
  'cached'?: (boolean);
}

export interface LiquidAnswer {
  /**
   * The ensemble's mean for each output.
   */
  'values': (number)[];
  /**
   * 1 - variance between members / variance of the training targets, within 0 and 1.
   */
  'coherence': (number);
  /**
   * Coherence reached the threshold; where not, the caller falls back.
   */
  'coherent': (boolean);
  /**
   * It was computed before, for the same model and the same window.
   */
  'cached': (boolean);
}
