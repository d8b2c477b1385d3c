// Original file: proto/levitate/predictor/v1/predictor.proto

import type { ModelStateInit as _levitate_predictor_v1_ModelStateInit, ModelState as _levitate_predictor_v1_ModelState } from '../../../levitate/predictor/v1/ModelState.ts';
import type { ModelClassInit as _levitate_predictor_v1_ModelClassInit, ModelClass as _levitate_predictor_v1_ModelClass } from '../../../levitate/predictor/v1/ModelClass.ts';
import type { OnlineScoreInit as _levitate_predictor_v1_OnlineScoreInit, OnlineScore as _levitate_predictor_v1_OnlineScore } from '../../../levitate/predictor/v1/OnlineScore.ts';
import type { ModelDriftInit as _levitate_predictor_v1_ModelDriftInit, ModelDrift as _levitate_predictor_v1_ModelDrift } from '../../../levitate/predictor/v1/ModelDrift.ts';

/**
 * One model of the registry.
 */
export interface ModelStatusInit {
  'name'?: (string);
  /**
   * Empty for one that was never loaded.
   */
  'version'?: (string);
  /**
   * "burst", "bandwidth" or "liquid".
   */
  'capability'?: (string);
  'family'?: (string);
  'description'?: (string);
  'state'?: (_levitate_predictor_v1_ModelStateInit);
  /**
   * Why it was refused or demoted, and what to do; empty otherwise.
   */
  'why'?: (string);
  'backend'?: (string);
  'classes'?: (_levitate_predictor_v1_ModelClassInit)[];
  /**
   * Score in service, of the model and of the baselines that race with it.
   */
  'online'?: (_levitate_predictor_v1_OnlineScoreInit)[];
  'drift'?: (_levitate_predictor_v1_ModelDriftInit | null);
  /**
   * Weights, numbers.
   */
  'parameters'?: (number);
  /**
   * Folder it was read from.
   */
  'folder'?: (string);
}

/**
 * One model of the registry.
 */
export interface ModelStatus {
  'name': (string);
  /**
   * Empty for one that was never loaded.
   */
  'version': (string);
  /**
   * "burst", "bandwidth" or "liquid".
   */
  'capability': (string);
  'family': (string);
  'description': (string);
  'state': (_levitate_predictor_v1_ModelState);
  /**
   * Why it was refused or demoted, and what to do; empty otherwise.
   */
  'why': (string);
  'backend': (string);
  'classes': (_levitate_predictor_v1_ModelClass)[];
  /**
   * Score in service, of the model and of the baselines that race with it.
   */
  'online': (_levitate_predictor_v1_OnlineScore)[];
  'drift': (_levitate_predictor_v1_ModelDrift | null);
  /**
   * Weights, numbers.
   */
  'parameters': (number);
  /**
   * Folder it was read from.
   */
  'folder': (string);
}
