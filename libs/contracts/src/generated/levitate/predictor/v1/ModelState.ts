// Original file: proto/levitate/predictor/v1/predictor.proto

/**
 * Whether a model may serve.
 */
export const ModelState = {
  MODEL_STATE_UNSPECIFIED: 'MODEL_STATE_UNSPECIFIED',
  /**
   * It serves where it won.
   */
  MODEL_STATE_SERVING: 'MODEL_STATE_SERVING',
  /**
   * It is loaded, and a baseline won every class.
   */
  MODEL_STATE_STANDBY: 'MODEL_STATE_STANDBY',
  /**
   * Its online score fell behind the baseline's; the baseline serves.
   */
  MODEL_STATE_DEMOTED: 'MODEL_STATE_DEMOTED',
  /**
   * Its files cannot be believed. One loaded before goes on serving.
   */
  MODEL_STATE_REFUSED: 'MODEL_STATE_REFUSED',
} as const;

/**
 * Whether a model may serve.
 */
export type ModelStateInit =
  | 'MODEL_STATE_UNSPECIFIED'
  /**
   * It serves where it won.
   */
  | 'MODEL_STATE_SERVING'
  /**
   * It is loaded, and a baseline won every class.
   */
  | 'MODEL_STATE_STANDBY'
  /**
   * Its online score fell behind the baseline's; the baseline serves.
   */
  | 'MODEL_STATE_DEMOTED'
  /**
   * Its files cannot be believed. One loaded before goes on serving.
   */
  | 'MODEL_STATE_REFUSED'

/**
 * Whether a model may serve.
 */
export type ModelState = typeof ModelState[keyof typeof ModelState]
