// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * Onsets and claims judged by the rule of ListForecasters, added up over links.
 */
export interface ClaimRecordInit {
  'hits'?: (number);
  'misses'?: (number);
  'falseAlarms'?: (number);
}

/**
 * Onsets and claims judged by the rule of ListForecasters, added up over links.
 */
export interface ClaimRecord {
  'hits': (number);
  'misses': (number);
  'falseAlarms': (number);
}
