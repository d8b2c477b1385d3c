// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { TickInit as _levitate_fsu_controller_v1_TickInit, Tick as _levitate_fsu_controller_v1_Tick } from '../../../levitate/fsu_controller/v1/Tick.ts';

export interface StreamTicksResponseInit {
  'ticks'?: (_levitate_fsu_controller_v1_TickInit)[];
  /**
   * Ticks this reader lost since the previous message because it read too slowly.
   */
  'lost'?: (number);
}

export interface StreamTicksResponse {
  'ticks': (_levitate_fsu_controller_v1_Tick)[];
  /**
   * Ticks this reader lost since the previous message because it read too slowly.
   */
  'lost': (number);
}
