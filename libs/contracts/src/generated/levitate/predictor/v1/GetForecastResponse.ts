// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BurstForecastInit as _levitate_predictor_v1_BurstForecastInit, BurstForecast as _levitate_predictor_v1_BurstForecast } from '../../../levitate/predictor/v1/BurstForecast.ts';

export interface GetForecastResponseInit {
  'forecast'?: (_levitate_predictor_v1_BurstForecastInit | null);
}

export interface GetForecastResponse {
  'forecast': (_levitate_predictor_v1_BurstForecast | null);
}
