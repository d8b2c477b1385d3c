// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { RolledBackInit as _levitate_fsu_controller_v1_RolledBackInit, RolledBack as _levitate_fsu_controller_v1_RolledBack } from '../../../levitate/fsu_controller/v1/RolledBack.ts';

export interface RollbackResponseInit {
  'targets'?: (_levitate_fsu_controller_v1_RolledBackInit)[];
}

export interface RollbackResponse {
  'targets': (_levitate_fsu_controller_v1_RolledBack)[];
}
