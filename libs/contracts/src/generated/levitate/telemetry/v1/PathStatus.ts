// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { SampleOriginInit as _levitate_telemetry_v1_SampleOriginInit, SampleOrigin as _levitate_telemetry_v1_SampleOrigin } from '../../../levitate/telemetry/v1/SampleOrigin.ts';

/**
 * What telemetry knows of one path.
 */
export interface PathStatusInit {
  'path'?: (string);
  'origin'?: (_levitate_telemetry_v1_SampleOriginInit);
  'newestUnixMs'?: (number);
  'samples'?: (number);
  'duplicate'?: (number);
  'late'?: (number);
  'gaps'?: (number);
  /**
   * Accepted, but not as the newest.
   */
  'outOfOrder'?: (number);
  /**
   * Steps of the source's clock that were seen, either way.
   */
  'clockSteps'?: (number);
}

/**
 * What telemetry knows of one path.
 */
export interface PathStatus {
  'path': (string);
  'origin': (_levitate_telemetry_v1_SampleOrigin);
  'newestUnixMs': (number);
  'samples': (number);
  'duplicate': (number);
  'late': (number);
  'gaps': (number);
  /**
   * Accepted, but not as the newest.
   */
  'outOfOrder': (number);
  /**
   * Steps of the source's clock that were seen, either way.
   */
  'clockSteps': (number);
}
