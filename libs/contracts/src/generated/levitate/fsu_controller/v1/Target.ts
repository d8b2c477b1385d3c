// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

import type { ModeInit as _levitate_fsu_controller_v1_ModeInit, Mode as _levitate_fsu_controller_v1_Mode } from '../../../levitate/fsu_controller/v1/Mode.ts';
import type { BreakerStateInit as _levitate_fsu_controller_v1_BreakerStateInit, BreakerState as _levitate_fsu_controller_v1_BreakerState } from '../../../levitate/fsu_controller/v1/BreakerState.ts';
import type { LawInit as _levitate_fsu_controller_v1_LawInit, Law as _levitate_fsu_controller_v1_Law } from '../../../levitate/fsu_controller/v1/Law.ts';

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
}
