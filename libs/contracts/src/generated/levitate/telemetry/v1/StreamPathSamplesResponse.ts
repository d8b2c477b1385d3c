// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { PathSampleInit as _levitate_telemetry_v1_PathSampleInit, PathSample as _levitate_telemetry_v1_PathSample } from '../../../levitate/telemetry/v1/PathSample.ts';

export interface StreamPathSamplesResponseInit {
  'samples'?: (_levitate_telemetry_v1_PathSampleInit)[];
  /**
   * Samples this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamPathSamplesResponse {
  'samples': (_levitate_telemetry_v1_PathSample)[];
  /**
   * Samples this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
