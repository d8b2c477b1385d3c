// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { CanaryInit as _levitate_fsu_controller_v1_CanaryInit, Canary as _levitate_fsu_controller_v1_Canary } from '../../../levitate/fsu_controller/v1/Canary.ts';

export interface AbortCanaryResponseInit {
  'canaries'?: (_levitate_fsu_controller_v1_CanaryInit)[];
}

export interface AbortCanaryResponse {
  'canaries': (_levitate_fsu_controller_v1_Canary)[];
}
