// Original file: proto/levitate/predictor/v1/predictor.proto

import type { LiquidAnswerInit as _levitate_predictor_v1_LiquidAnswerInit, LiquidAnswer as _levitate_predictor_v1_LiquidAnswer } from '../../../levitate/predictor/v1/LiquidAnswer.ts';

export interface InferLiquidResponseInit {
  'answers'?: (_levitate_predictor_v1_LiquidAnswerInit)[];
  /**
   * Model that made this, with its version.
   */
  'model'?: (string);
  'backend'?: (string);
  /**
   * Members that answered; fewer than the model has while the governor saves energy.
   */
  'members'?: (number);
  /**
   * What the governor did to stay within the budget; empty: nothing.
   */
  'governor'?: (string);
  /**
   * Multiply-accumulates times a stated energy each; a model, not a measurement.
   */
  'modelledEnergyMicrojoules'?: (number);
}

export interface InferLiquidResponse {
  'answers': (_levitate_predictor_v1_LiquidAnswer)[];
  /**
   * Model that made this, with its version.
   */
  'model': (string);
  'backend': (string);
  /**
   * Members that answered; fewer than the model has while the governor saves energy.
   */
  'members': (number);
  /**
   * What the governor did to stay within the budget; empty: nothing.
   */
  'governor': (string);
  /**
   * Multiply-accumulates times a stated energy each; a model, not a measurement.
   */
  'modelledEnergyMicrojoules': (number);
}
