// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BurstForecastInit as _levitate_predictor_v1_BurstForecastInit, BurstForecast as _levitate_predictor_v1_BurstForecast } from '../../../levitate/predictor/v1/BurstForecast.ts';

export interface StreamForecastsResponseInit {
  'forecasts'?: (_levitate_predictor_v1_BurstForecastInit)[];
  /**
   * Forecasts this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamForecastsResponse {
  'forecasts': (_levitate_predictor_v1_BurstForecast)[];
  /**
   * Forecasts this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
