// Original file: proto/levitate/predictor/v1/predictor.proto

import type { PathSampleInit as _levitate_telemetry_v1_PathSampleInit, PathSample as _levitate_telemetry_v1_PathSample } from '../../../levitate/telemetry/v1/PathSample.ts';

/**
 * A window of one path that the caller brings.
 */
export interface BandwidthWindowInit {
  /**
   * At most 1,000 samples of one path, oldest first.
   */
  'samples'?: (_levitate_telemetry_v1_PathSampleInit)[];
}

/**
 * A window of one path that the caller brings.
 */
export interface BandwidthWindow {
  /**
   * At most 1,000 samples of one path, oldest first.
   */
  'samples': (_levitate_telemetry_v1_PathSample)[];
}
