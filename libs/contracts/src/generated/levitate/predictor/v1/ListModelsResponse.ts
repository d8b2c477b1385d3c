// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ModelStatusInit as _levitate_predictor_v1_ModelStatusInit, ModelStatus as _levitate_predictor_v1_ModelStatus } from '../../../levitate/predictor/v1/ModelStatus.ts';

export interface ListModelsResponseInit {
  'models'?: (_levitate_predictor_v1_ModelStatusInit)[];
}

export interface ListModelsResponse {
  'models': (_levitate_predictor_v1_ModelStatus)[];
}
