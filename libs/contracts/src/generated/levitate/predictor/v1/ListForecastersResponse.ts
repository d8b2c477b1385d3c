// Original file: proto/levitate/predictor/v1/predictor.proto

import type { LinkForecastersInit as _levitate_predictor_v1_LinkForecastersInit, LinkForecasters as _levitate_predictor_v1_LinkForecasters } from '../../../levitate/predictor/v1/LinkForecasters.ts';

export interface ListForecastersResponseInit {
  'links'?: (_levitate_predictor_v1_LinkForecastersInit)[];
}

export interface ListForecastersResponse {
  'links': (_levitate_predictor_v1_LinkForecasters)[];
}
