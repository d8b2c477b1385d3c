// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ForecasterScoreInit as _levitate_predictor_v1_ForecasterScoreInit, ForecasterScore as _levitate_predictor_v1_ForecasterScore } from '../../../levitate/predictor/v1/ForecasterScore.ts';

export interface LinkForecastersInit {
  'link'?: (string);
  /**
   * Name of the forecaster that serves this link now.
   */
  'serving'?: (string);
  'scores'?: (_levitate_predictor_v1_ForecasterScoreInit)[];
}

export interface LinkForecasters {
  'link': (string);
  /**
   * Name of the forecaster that serves this link now.
   */
  'serving': (string);
  'scores': (_levitate_predictor_v1_ForecasterScore)[];
}
