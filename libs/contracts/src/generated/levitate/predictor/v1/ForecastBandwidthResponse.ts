// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BandwidthForecastInit as _levitate_predictor_v1_BandwidthForecastInit, BandwidthForecast as _levitate_predictor_v1_BandwidthForecast } from '../../../levitate/predictor/v1/BandwidthForecast.ts';

export interface ForecastBandwidthResponseInit {
  /**
   * In the order of the windows.
   */
  'forecasts'?: (_levitate_predictor_v1_BandwidthForecastInit)[];
}

export interface ForecastBandwidthResponse {
  /**
   * In the order of the windows.
   */
  'forecasts': (_levitate_predictor_v1_BandwidthForecast)[];
}
