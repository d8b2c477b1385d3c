// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ForecasterMetricInit as _levitate_predictor_v1_ForecasterMetricInit, ForecasterMetric as _levitate_predictor_v1_ForecasterMetric } from '../../../levitate/predictor/v1/ForecasterMetric.ts';

/**
 * How forecasters did on one class of traffic, before service.
 */
export interface ModelClassInit {
  'trafficClass'?: (string);
  /**
   * By validation score; it serves the class.
   */
  'winner'?: (string);
  /**
   * Metric the winner was chosen by.
   */
  'chosenBy'?: (string);
  'metrics'?: (_levitate_predictor_v1_ForecasterMetricInit)[];
}

/**
 * How forecasters did on one class of traffic, before service.
 */
export interface ModelClass {
  'trafficClass': (string);
  /**
   * By validation score; it serves the class.
   */
  'winner': (string);
  /**
   * Metric the winner was chosen by.
   */
  'chosenBy': (string);
  'metrics': (_levitate_predictor_v1_ForecasterMetric)[];
}
