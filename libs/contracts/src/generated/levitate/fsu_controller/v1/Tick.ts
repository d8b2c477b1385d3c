// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { SampleInit as _levitate_telemetry_v1_SampleInit, Sample as _levitate_telemetry_v1_Sample } from '../../../levitate/telemetry/v1/Sample.ts';
import type { BurstForecastInit as _levitate_predictor_v1_BurstForecastInit, BurstForecast as _levitate_predictor_v1_BurstForecast } from '../../../levitate/predictor/v1/BurstForecast.ts';
import type { DecisionInit as _levitate_fsu_controller_v1_DecisionInit, Decision as _levitate_fsu_controller_v1_Decision } from '../../../levitate/fsu_controller/v1/Decision.ts';

/**
 * One run of the loop for one target.
 */
export interface TickInit {
  'target'?: (string);
  'timeUnixMs'?: (number);
  'sample'?: (_levitate_telemetry_v1_SampleInit | null);
  'forecast'?: (_levitate_predictor_v1_BurstForecastInit | null);
  'decision'?: (_levitate_fsu_controller_v1_DecisionInit | null);
}

/**
 * One run of the loop for one target.
 */
export interface Tick {
  'target': (string);
  'timeUnixMs': (number);
  'sample': (_levitate_telemetry_v1_Sample | null);
  'forecast': (_levitate_predictor_v1_BurstForecast | null);
  'decision': (_levitate_fsu_controller_v1_Decision | null);
}
