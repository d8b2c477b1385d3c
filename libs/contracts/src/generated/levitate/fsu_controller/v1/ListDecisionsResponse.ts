// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { DecisionInit as _levitate_fsu_controller_v1_DecisionInit, Decision as _levitate_fsu_controller_v1_Decision } from '../../../levitate/fsu_controller/v1/Decision.ts';

export interface ListDecisionsResponseInit {
  'decisions'?: (_levitate_fsu_controller_v1_DecisionInit)[];
}

export interface ListDecisionsResponse {
  'decisions': (_levitate_fsu_controller_v1_Decision)[];
}
