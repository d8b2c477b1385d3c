// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ModelStatusInit as _levitate_predictor_v1_ModelStatusInit, ModelStatus as _levitate_predictor_v1_ModelStatus } from '../../../levitate/predictor/v1/ModelStatus.ts';

export interface GetModelResponseInit {
  'status'?: (_levitate_predictor_v1_ModelStatusInit | null);
  /**
   * The manifest as it stands in its file, JSON.
   */
  'manifest'?: (string);
  /**
   * The report of its training, Markdown; empty where there is none.
   */
  'report'?: (string);
}

export interface GetModelResponse {
  'status': (_levitate_predictor_v1_ModelStatus | null);
  /**
   * The manifest as it stands in its file, JSON.
   */
  'manifest': (string);
  /**
   * The report of its training, Markdown; empty where there is none.
   */
  'report': (string);
}
