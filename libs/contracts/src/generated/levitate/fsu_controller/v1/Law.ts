// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

/**
 * What decided the size.
 */
export const Law = {
  LAW_UNSPECIFIED: 'LAW_UNSPECIFIED',
  LAW_REACTIVE: 'LAW_REACTIVE',
  LAW_PREDICTIVE: 'LAW_PREDICTIVE',
  LAW_STATIC: 'LAW_STATIC',
} as const;

/**
 * What decided the size.
 */
export type LawInit =
  | 'LAW_UNSPECIFIED'
  | 'LAW_REACTIVE'
  | 'LAW_PREDICTIVE'
  | 'LAW_STATIC'

/**
 * What decided the size.
 */
export type Law = typeof Law[keyof typeof Law]
