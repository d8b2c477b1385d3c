// Original file: proto/levitate/predictor/v1/predictor.proto

import type { BandwidthStepInit as _levitate_predictor_v1_BandwidthStepInit, BandwidthStep as _levitate_predictor_v1_BandwidthStep } from '../../../levitate/predictor/v1/BandwidthStep.ts';

/**
 * The next steps of one path.
 */
export interface BandwidthForecastInit {
  'path'?: (string);
  /**
   * Time of the newest sample the forecast knows.
   */
  'madeUnixMs'?: (number);
  /**
   * Length of a step.
   */
  'stepSeconds'?: (number);
  /**
   * The first one begins at made_unix_ms. Empty where nothing can be said.
   */
  'steps'?: (_levitate_predictor_v1_BandwidthStepInit)[];
  /**
   * Why there are no steps, or why a baseline speaks: closed set of codes.
   */
  'abstained'?: (string)[];
  /**
   * Class of traffic the model was chosen for; empty where none was given.
   */
  'trafficClass'?: (string);
  /**
   * Model that made this, with its version.
   */
  'model'?: (string);
  /**
   * What computed it: "wasm", "typescript", "openblas", or "statistics" for a baseline.
   */
  'backend'?: (string);
  /**
   * It was computed before, for the same model and the same window.
   */
  'cached'?: (boolean);
}

/**
 * The next steps of one path.
 */
export interface BandwidthForecast {
  'path': (string);
  /**
   * Time of the newest sample the forecast knows.
   */
  'madeUnixMs': (number);
  /**
   * Length of a step.
   */
  'stepSeconds': (number);
  /**
   * The first one begins at made_unix_ms. Empty where nothing can be said.
   */
  'steps': (_levitate_predictor_v1_BandwidthStep)[];
  /**
   * Why there are no steps, or why a baseline speaks: closed set of codes.
   */
  'abstained': (string)[];
  /**
   * Class of traffic the model was chosen for; empty where none was given.
   */
  'trafficClass': (string);
  /**
   * Model that made this, with its version.
   */
  'model': (string);
  /**
   * What computed it: "wasm", "typescript", "openblas", or "statistics" for a baseline.
   */
  'backend': (string);
  /**
   * It was computed before, for the same model and the same window.
   */
  'cached': (boolean);
}
