// Original file: proto/levitate/telemetry/v1/telemetry.proto

import type { SampleOriginInit as _levitate_telemetry_v1_SampleOriginInit, SampleOrigin as _levitate_telemetry_v1_SampleOrigin } from '../../../levitate/telemetry/v1/SampleOrigin.ts';

/**
 * One interval, usually a second, of one path: from a node to a peer. A missing value is missing,
 * never zero.
 */
export interface PathSampleInit {
  /**
   * Name of the path, unique in the deployment. Two nodes may have several paths between them.
   */
  'path'?: (string);
  /**
   * Counts up by one per sample of this path and source; restarts at 1 with the source.
   */
  'sequence'?: (number);
  /**
   * End of the interval, wall clock, milliseconds since 1970.
   */
  'timeUnixMs'?: (number);
  /**
   * Length of the interval.
   */
  'intervalMs'?: (number);
  /**
   * What the path delivered to the peer, or was found able to, mean over the interval.
   */
  'bandwidthBytesPerSecond'?: (number);
  /**
   * Time to the peer and back, smoothed by the sender (RFC 6298) or the mean over the interval.
   */
  'roundTripSeconds'?: (number);
  /**
   * Lost of what was sent in the interval, 0 to 1.
   */
  'lossRatio'?: (number);
  /**
   * Where this was measured.
   */
  'origin'?: (_levitate_telemetry_v1_SampleOriginInit);
  '_sequence'?: "sequence";
  '_timeUnixMs'?: "timeUnixMs";
  '_intervalMs'?: "intervalMs";
  '_bandwidthBytesPerSecond'?: "bandwidthBytesPerSecond";
  '_roundTripSeconds'?: "roundTripSeconds";
  '_lossRatio'?: "lossRatio";
}

/**
 * One interval, usually a second, of one path: from a node to a peer. A missing value is missing,
 * never zero.
 */
export interface PathSample {
  /**
   * Name of the path, unique in the deployment. Two nodes may have several paths between them.
   */
  'path': (string);
  /**
   * Counts up by one per sample of this path and source; restarts at 1 with the source.
   */
  'sequence'?: (number);
  /**
   * End of the interval, wall clock, milliseconds since 1970.
   */
  'timeUnixMs'?: (number);
  /**
   * Length of the interval.
   */
  'intervalMs'?: (number);
  /**
   * What the path delivered to the peer, or was found able to, mean over the interval.
   */
  'bandwidthBytesPerSecond'?: (number);
  /**
   * Time to the peer and back, smoothed by the sender (RFC 6298) or the mean over the interval.
   */
  'roundTripSeconds'?: (number);
  /**
   * Lost of what was sent in the interval, 0 to 1.
   */
  'lossRatio'?: (number);
  /**
   * Where this was measured.
   */
  'origin': (_levitate_telemetry_v1_SampleOrigin);
}
