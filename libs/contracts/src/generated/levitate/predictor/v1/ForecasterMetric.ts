// Original file: proto/levitate/predictor/v1/predictor.proto


export interface ForecasterMetricInit {
  'forecaster'?: (string);
  'metric'?: (string);
  'validation'?: (number);
  'test'?: (number);
  '_validation'?: "validation";
  '_test'?: "test";
}

export interface ForecasterMetric {
  'forecaster': (string);
  'metric': (string);
  'validation'?: (number);
  'test'?: (number);
}
