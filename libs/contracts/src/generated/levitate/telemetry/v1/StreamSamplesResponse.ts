// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { SampleInit as _levitate_telemetry_v1_SampleInit, Sample as _levitate_telemetry_v1_Sample } from '../../../levitate/telemetry/v1/Sample.ts';

export interface StreamSamplesResponseInit {
  'samples'?: (_levitate_telemetry_v1_SampleInit)[];
  /**
   * Samples this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamSamplesResponse {
  'samples': (_levitate_telemetry_v1_Sample)[];
  /**
   * Samples this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
