// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { TargetInit as _levitate_fsu_controller_v1_TargetInit, Target as _levitate_fsu_controller_v1_Target } from '../../../levitate/fsu_controller/v1/Target.ts';

export interface ListTargetsResponseInit {
  'targets'?: (_levitate_fsu_controller_v1_TargetInit)[];
  'paused'?: (boolean);
  'pausedUntilUnixMs'?: (number);
}

export interface ListTargetsResponse {
  'targets': (_levitate_fsu_controller_v1_Target)[];
  'paused': (boolean);
  'pausedUntilUnixMs': (number);
}
