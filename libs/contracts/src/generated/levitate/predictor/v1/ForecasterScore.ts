// Original file: proto/levitate/predictor/v1/predictor.proto


/**
 * Running, event-level score of one forecaster on one link.
 */
export interface ForecasterScoreInit {
  'forecaster'?: (string);
  'onsets'?: (number);
  'hits'?: (number);
  'misses'?: (number);
  'falseAlarms'?: (number);
  'leadSecondsMedian'?: (number);
}

/**
 * Running, event-level score of one forecaster on one link.
 */
export interface ForecasterScore {
  'forecaster': (string);
  'onsets': (number);
  'hits': (number);
  'misses': (number);
  'falseAlarms': (number);
  'leadSecondsMedian': (number);
}
