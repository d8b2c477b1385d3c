// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ModeInit as _levitate_fsu_controller_v1_ModeInit, Mode as _levitate_fsu_controller_v1_Mode } from '../../../levitate/fsu_controller/v1/Mode.ts';
import type { BreakerStateInit as _levitate_fsu_controller_v1_BreakerStateInit, BreakerState as _levitate_fsu_controller_v1_BreakerState } from '../../../levitate/fsu_controller/v1/BreakerState.ts';
import type { LawInit as _levitate_fsu_controller_v1_LawInit, Law as _levitate_fsu_controller_v1_Law } from '../../../levitate/fsu_controller/v1/Law.ts';
import type { ResourceKindInit as _levitate_managed_resource_v1_ResourceKindInit, ResourceKind as _levitate_managed_resource_v1_ResourceKind } from '../../../levitate/managed_resource/v1/ResourceKind.ts';
import type { ShadowEstimateInit as _levitate_fsu_controller_v1_ShadowEstimateInit, ShadowEstimate as _levitate_fsu_controller_v1_ShadowEstimate } from '../../../levitate/fsu_controller/v1/ShadowEstimate.ts';

export interface TargetInit {
  'name'?: (string);
  'link'?: (string);
  'mode'?: (_levitate_fsu_controller_v1_ModeInit);
  'paused'?: (boolean);
  /**
   * Whether forecasts are used at all.
   */
  'predictive'?: (boolean);
  'breaker'?: (_levitate_fsu_controller_v1_BreakerStateInit);
  'leaseHeld'?: (boolean);
  'law'?: (_levitate_fsu_controller_v1_LawInit);
  /**
   * Why the law is reactive although forecasts are wanted; closed set of codes.
   */
  'forecastUnusedReason'?: (string);
  /**
   * Sizes are in `unit`, which is bytes for a buffer.
   */
  'limitBytes'?: (number);
  'limitBytesMin'?: (number);
  'limitBytesMax'?: (number);
  'originalLimitBytes'?: (number);
  'changes'?: (number);
  'refusedChanges'?: (number);
  'latencyBudgetMs'?: (number);
  /**
   * The control law without forecasts that serves; with `auto` the one that was chosen.
   */
  'model'?: (string);
  /**
   * What it sizes; a buffer is the queue of a link, through the agent of its host.
   */
  'resource'?: (_levitate_managed_resource_v1_ResourceKindInit);
  /**
   * Where it is measured and changed; empty for the link of an agent.
   */
  'source'?: (string);
  /**
   * What its sizes count: `bytes`, `threads`.
   */
  'unit'?: (string);
  /**
   * Of the newest decision: held peak need over size, and what the law holds it at.
   */
  'utilisation'?: (number);
  'setpoint'?: (number);
  /**
   * Dimensionless force of the law on it; positive pushes towards more.
   */
  'force'?: (number);
  /**
   * Reasons of the newest decision, most important first.
   */
  'reasons'?: (string)[];
  /**
   * Of a buffer: what queues of other sizes would have dropped of the same traffic.
   */
  'shadow'?: (_levitate_fsu_controller_v1_ShadowEstimateInit | null);
  /**
   * Figures of its own, as the source names them.
   */
  'metrics'?: ({[key: string]: number});
  /**
   * Whether it takes part in the roll-out by stages, and whether its host is among those that
   * enforce already.
   */
  'canary'?: (boolean);
  'canaryEnforces'?: (boolean);
}

export interface Target {
  'name': (string);
  'link': (string);
  'mode': (_levitate_fsu_controller_v1_Mode);
  'paused': (boolean);
  /**
   * Whether forecasts are used at all.
   */
  'predictive': (boolean);
  'breaker': (_levitate_fsu_controller_v1_BreakerState);
  'leaseHeld': (boolean);
  'law': (_levitate_fsu_controller_v1_Law);
  /**
   * Why the law is reactive although forecasts are wanted; closed set of codes.
   */
  'forecastUnusedReason': (string);
  /**
   * Sizes are in `unit`, which is bytes for a buffer.
   */
  'limitBytes': (number);
  'limitBytesMin': (number);
  'limitBytesMax': (number);
  'originalLimitBytes': (number);
  'changes': (number);
  'refusedChanges': (number);
  'latencyBudgetMs': (number);
  /**
   * The control law without forecasts that serves; with `auto` the one that was chosen.
   */
  'model': (string);
  /**
   * What it sizes; a buffer is the queue of a link, through the agent of its host.
   */
  'resource': (_levitate_managed_resource_v1_ResourceKind);
  /**
   * Where it is measured and changed; empty for the link of an agent.
   */
  'source': (string);
  /**
   * What its sizes count: `bytes`, `threads`.
   */
  'unit': (string);
  /**
   * Of the newest decision: held peak need over size, and what the law holds it at.
   */
  'utilisation': (number);
  'setpoint': (number);
  /**
   * Dimensionless force of the law on it; positive pushes towards more.
   */
  'force': (number);
  /**
   * Reasons of the newest decision, most important first.
   */
  'reasons': (string)[];
  /**
   * Of a buffer: what queues of other sizes would have dropped of the same traffic.
   */
  'shadow': (_levitate_fsu_controller_v1_ShadowEstimate | null);
  /**
   * Figures of its own, as the source names them.
   */
  'metrics': ({[key: string]: number});
  /**
   * Whether it takes part in the roll-out by stages, and whether its host is among those that
   * enforce already.
   */
  'canary': (boolean);
  'canaryEnforces': (boolean);
}
