// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ClaimRecordInit as _levitate_predictor_v1_ClaimRecordInit, ClaimRecord as _levitate_predictor_v1_ClaimRecord } from '../../../levitate/predictor/v1/ClaimRecord.ts';

/**
 * Running score of one forecaster against what really happened.
 */
export interface OnlineScoreInit {
  'forecaster'?: (string);
  /**
   * Of late. Paths: sum of the errors over the sum of what came. Bursts: share of misses and false
   * alarms among the outcomes in recent.
   */
  'loss'?: (number);
  /**
   * Comparisons, or outcomes, behind it.
   */
  'count'?: (number);
  /**
   * Paths or links it serves now.
   */
  'serving'?: (number);
  /**
   * Of burst forecasters, over the links on which the model takes part: the newest 12 onsets of
   * each link with what was claimed in that time.
   */
  'recent'?: (_levitate_predictor_v1_ClaimRecordInit | null);
  /**
   * The same since those links are followed.
   */
  'total'?: (_levitate_predictor_v1_ClaimRecordInit | null);
}

/**
 * Running score of one forecaster against what really happened.
 */
export interface OnlineScore {
  'forecaster': (string);
  /**
   * Of late. Paths: sum of the errors over the sum of what came. Bursts: share of misses and false
   * alarms among the outcomes in recent.
   */
  'loss': (number);
  /**
   * Comparisons, or outcomes, behind it.
   */
  'count': (number);
  /**
   * Paths or links it serves now.
   */
  'serving': (number);
  /**
   * Of burst forecasters, over the links on which the model takes part: the newest 12 onsets of
   * each link with what was claimed in that time.
   */
  'recent': (_levitate_predictor_v1_ClaimRecord | null);
  /**
   * The same since those links are followed.
   */
  'total': (_levitate_predictor_v1_ClaimRecord | null);
}
