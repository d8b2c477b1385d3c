// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { MeasureOutcomeInit as _levitate_managed_resource_v1_MeasureOutcomeInit, MeasureOutcome as _levitate_managed_resource_v1_MeasureOutcome } from '../../../levitate/managed_resource/v1/MeasureOutcome.ts';

export interface MeasureResponseInit {
  /**
   * In the order of the request.
   */
  'outcomes'?: (_levitate_managed_resource_v1_MeasureOutcomeInit)[];
}

export interface MeasureResponse {
  /**
   * In the order of the request.
   */
  'outcomes': (_levitate_managed_resource_v1_MeasureOutcome)[];
}
