// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { TargetInit as _levitate_fsu_controller_v1_TargetInit, Target as _levitate_fsu_controller_v1_Target } from '../../../levitate/fsu_controller/v1/Target.ts';

export interface ResumeResponseInit {
  'targets'?: (_levitate_fsu_controller_v1_TargetInit)[];
}

export interface ResumeResponse {
  'targets': (_levitate_fsu_controller_v1_Target)[];
}
