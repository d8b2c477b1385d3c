// Original file: proto/levitate/predictor/v1/predictor.proto

import type { SampleInit as _levitate_telemetry_v1_SampleInit, Sample as _levitate_telemetry_v1_Sample } from '../../../levitate/telemetry/v1/Sample.ts';

export interface ForecastWindowRequestInit {
  /**
   * At most 6,000 samples of one link, oldest first.
   */
  'samples'?: (_levitate_telemetry_v1_SampleInit)[];
}

export interface ForecastWindowRequest {
  /**
   * At most 6,000 samples of one link, oldest first.
   */
  'samples': (_levitate_telemetry_v1_Sample)[];
}
