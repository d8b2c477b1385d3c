// Original file: proto/levitate/predictor/v1/predictor.proto

import type { LiquidWindowInit as _levitate_predictor_v1_LiquidWindowInit, LiquidWindow as _levitate_predictor_v1_LiquidWindow } from '../../../levitate/predictor/v1/LiquidWindow.ts';

export interface InferLiquidRequestInit {
  /**
   * Empty: the first liquid model there is.
   */
  'model'?: (string);
  /**
   * At most 64.
   */
  'windows'?: (_levitate_predictor_v1_LiquidWindowInit)[];
}

export interface InferLiquidRequest {
  /**
   * Empty: the first liquid model there is.
   */
  'model': (string);
  /**
   * At most 64.
   */
  'windows': (_levitate_predictor_v1_LiquidWindow)[];
}
