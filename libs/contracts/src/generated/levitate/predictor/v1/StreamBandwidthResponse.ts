// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BandwidthForecastInit as _levitate_predictor_v1_BandwidthForecastInit, BandwidthForecast as _levitate_predictor_v1_BandwidthForecast } from '../../../levitate/predictor/v1/BandwidthForecast.ts';

export interface StreamBandwidthResponseInit {
  'forecasts'?: (_levitate_predictor_v1_BandwidthForecastInit)[];
  /**
   * Forecasts this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamBandwidthResponse {
  'forecasts': (_levitate_predictor_v1_BandwidthForecast)[];
  /**
   * Forecasts this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
