// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ModeInit as _levitate_fsu_controller_v1_ModeInit, Mode as _levitate_fsu_controller_v1_Mode } from '../../../levitate/fsu_controller/v1/Mode.ts';

export interface SetModeRequestInit {
  /**
   * Empty means every target.
   */
  'target'?: (string);
  'mode'?: (_levitate_fsu_controller_v1_ModeInit);
}

export interface SetModeRequest {
  /**
   * Empty means every target.
   */
  'target': (string);
  'mode': (_levitate_fsu_controller_v1_Mode);
}
