// Original file: proto/levitate/predictor/v1/predictor.proto

import type { LiquidStepInit as _levitate_predictor_v1_LiquidStepInit, LiquidStep as _levitate_predictor_v1_LiquidStep } from '../../../levitate/predictor/v1/LiquidStep.ts';

/**
 * A window for a liquid model.
 */
export interface LiquidWindowInit {
  /**
   * At most 1,000, oldest first.
   */
  'steps'?: (_levitate_predictor_v1_LiquidStepInit)[];
}

/**
 * A window for a liquid model.
 */
export interface LiquidWindow {
  /**
   * At most 1,000, oldest first.
   */
  'steps': (_levitate_predictor_v1_LiquidStep)[];
}
