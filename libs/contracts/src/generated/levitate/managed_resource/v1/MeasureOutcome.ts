// Original file: proto/levitate/managed_resource/v1/managed_resource.proto

import type { MeasurementInit as _levitate_managed_resource_v1_MeasurementInit, Measurement as _levitate_managed_resource_v1_Measurement } from '../../../levitate/managed_resource/v1/Measurement.ts';
import type { MeasureFailureInit as _levitate_managed_resource_v1_MeasureFailureInit, MeasureFailure as _levitate_managed_resource_v1_MeasureFailure } from '../../../levitate/managed_resource/v1/MeasureFailure.ts';

export interface MeasureOutcomeInit {
  'name'?: (string);
  /**
   * Set exactly when it was measured.
   */
  'measurement'?: (_levitate_managed_resource_v1_MeasurementInit | null);
  /**
   * Set exactly when it was not.
   */
  'failure'?: (_levitate_managed_resource_v1_MeasureFailureInit | null);
}

export interface MeasureOutcome {
  'name': (string);
  /**
   * Set exactly when it was measured.
   */
  'measurement': (_levitate_managed_resource_v1_Measurement | null);
  /**
   * Set exactly when it was not.
   */
  'failure': (_levitate_managed_resource_v1_MeasureFailure | null);
}
