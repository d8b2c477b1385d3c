// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { CanaryPhaseInit as _levitate_fsu_controller_v1_CanaryPhaseInit, CanaryPhase as _levitate_fsu_controller_v1_CanaryPhase } from '../../../levitate/fsu_controller/v1/CanaryPhase.ts';
import type { CanarySideInit as _levitate_fsu_controller_v1_CanarySideInit, CanarySide as _levitate_fsu_controller_v1_CanarySide } from '../../../levitate/fsu_controller/v1/CanarySide.ts';
import type { ResourceKindInit as _levitate_managed_resource_v1_ResourceKindInit, ResourceKind as _levitate_managed_resource_v1_ResourceKind } from '../../../levitate/managed_resource/v1/ResourceKind.ts';

export interface CanaryInit {
  'phase'?: (_levitate_fsu_controller_v1_CanaryPhaseInit);
  /**
   * From 0; one host, 10 %, 50 %, 100 % unless configured otherwise.
   */
  'stage'?: (number);
  'stages'?: (number);
  'hosts'?: (number);
  'enforcingHosts'?: (string)[];
  /**
   * Until the stage may end, seconds.
   */
  'soakRemainingSeconds'?: (number);
  /**
   * Why it was rolled back, or what the next stage waits for.
   */
  'reason'?: (string);
  'enforcing'?: (_levitate_fsu_controller_v1_CanarySideInit | null);
  'rest'?: (_levitate_fsu_controller_v1_CanarySideInit | null);
  /**
   * Each kind of resource is rolled out, and judged, by itself.
   */
  'resource'?: (_levitate_managed_resource_v1_ResourceKindInit);
}

export interface Canary {
  'phase': (_levitate_fsu_controller_v1_CanaryPhase);
  /**
   * From 0; one host, 10 %, 50 %, 100 % unless configured otherwise.
   */
  'stage': (number);
  'stages': (number);
  'hosts': (number);
  'enforcingHosts': (string)[];
  /**
   * Until the stage may end, seconds.
   */
  'soakRemainingSeconds': (number);
  /**
   * Why it was rolled back, or what the next stage waits for.
   */
  'reason': (string);
  'enforcing': (_levitate_fsu_controller_v1_CanarySide | null);
  'rest': (_levitate_fsu_controller_v1_CanarySide | null);
  /**
   * Each kind of resource is rolled out, and judged, by itself.
   */
  'resource': (_levitate_managed_resource_v1_ResourceKind);
}
