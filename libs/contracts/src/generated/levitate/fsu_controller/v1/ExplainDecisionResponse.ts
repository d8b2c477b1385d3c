// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { TickInit as _levitate_fsu_controller_v1_TickInit, Tick as _levitate_fsu_controller_v1_Tick } from '../../../levitate/fsu_controller/v1/Tick.ts';
import type { TargetInit as _levitate_fsu_controller_v1_TargetInit, Target as _levitate_fsu_controller_v1_Target } from '../../../levitate/fsu_controller/v1/Target.ts';

export interface ExplainDecisionResponseInit {
  'tick'?: (_levitate_fsu_controller_v1_TickInit | null);
  'target'?: (_levitate_fsu_controller_v1_TargetInit | null);
}

export interface ExplainDecisionResponse {
  'tick': (_levitate_fsu_controller_v1_Tick | null);
  'target': (_levitate_fsu_controller_v1_Target | null);
}
