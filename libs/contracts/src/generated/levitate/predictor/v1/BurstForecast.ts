// Original file: proto/levitate/predictor/v1/predictor.proto

import type { QuantilesInit as _levitate_predictor_v1_QuantilesInit, Quantiles as _levitate_predictor_v1_Quantiles } from '../../../levitate/predictor/v1/Quantiles.ts';

/**
 * What the next ten seconds of a link are expected to bring.
 */
export interface BurstForecastInit {
  'link'?: (string);
  /**
   * Time of the newest sample the forecast knows.
   */
  'madeUnixMs'?: (number);
  'horizonSeconds'?: (number);
  /**
   * A burst starts within the horizon, as far as this forecaster can tell.
   */
  'burstPredicted'?: (boolean);
  /**
   * Calibrated probability of that.
   */
  'confidence'?: (number);
  /**
   * From made_unix_ms to the expected onset.
   */
  'timeToBurstSeconds'?: (number);
  /**
   * Standard deviation of the onset's time.
   */
  'timeSdSeconds'?: (number);
  /**
   * Peak of the burst as a multiple of the current traffic.
   */
  'predictedMagnitude'?: (number);
  /**
   * Length of the burst.
   */
  'durationSeconds'?: (_levitate_predictor_v1_QuantilesInit | null);
  /**
   * Highest arrival rate within the burst.
   */
  'peakBytesPerSecond'?: (_levitate_predictor_v1_QuantilesInit | null);
  /**
   * Bytes that arrive within the burst.
   */
  'volumeBytes'?: (_levitate_predictor_v1_QuantilesInit | null);
  /**
   * Room the burst needs in the queue: the largest excess of arrivals over what drained.
   */
  'needBytes'?: (_levitate_predictor_v1_QuantilesInit | null);
  /**
   * Traffic outside bursts, highest within each of the next seconds.
   */
  'levelBytesPerSecond'?: (_levitate_predictor_v1_QuantilesInit)[];
  /**
   * Why no burst is predicted, closed set of codes; empty when one is.
   */
  'abstained'?: (string)[];
  /**
   * Forecaster that made this, with its version.
   */
  'model'?: (string);
}

/**
 * What the next ten seconds of a link are expected to bring.
 */
export interface BurstForecast {
  'link': (string);
  /**
   * Time of the newest sample the forecast knows.
   */
  'madeUnixMs': (number);
  'horizonSeconds': (number);
  /**
   * A burst starts within the horizon, as far as this forecaster can tell.
   */
  'burstPredicted': (boolean);
  /**
   * Calibrated probability of that.
   */
  'confidence': (number);
  /**
   * From made_unix_ms to the expected onset.
   */
  'timeToBurstSeconds': (number);
  /**
   * Standard deviation of the onset's time.
   */
  'timeSdSeconds': (number);
  /**
   * Peak of the burst as a multiple of the current traffic.
   */
  'predictedMagnitude': (number);
  /**
   * Length of the burst.
   */
  'durationSeconds': (_levitate_predictor_v1_Quantiles | null);
  /**
   * Highest arrival rate within the burst.
   */
  'peakBytesPerSecond': (_levitate_predictor_v1_Quantiles | null);
  /**
   * Bytes that arrive within the burst.
   */
  'volumeBytes': (_levitate_predictor_v1_Quantiles | null);
  /**
   * Room the burst needs in the queue: the largest excess of arrivals over what drained.
   */
  'needBytes': (_levitate_predictor_v1_Quantiles | null);
  /**
   * Traffic outside bursts, highest within each of the next seconds.
   */
  'levelBytesPerSecond': (_levitate_predictor_v1_Quantiles)[];
  /**
   * Why no burst is predicted, closed set of codes; empty when one is.
   */
  'abstained': (string)[];
  /**
   * Forecaster that made this, with its version.
   */
  'model': (string);
}
