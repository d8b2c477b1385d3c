// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BandwidthForecastInit as _levitate_predictor_v1_BandwidthForecastInit, BandwidthForecast as _levitate_predictor_v1_BandwidthForecast } from '../../../levitate/predictor/v1/BandwidthForecast.ts';

export interface GetBandwidthResponseInit {
  'forecast'?: (_levitate_predictor_v1_BandwidthForecastInit | null);
}

export interface GetBandwidthResponse {
  'forecast': (_levitate_predictor_v1_BandwidthForecast | null);
}
