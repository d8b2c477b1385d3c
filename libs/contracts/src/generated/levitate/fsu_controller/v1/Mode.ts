// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

export const Mode = {
  MODE_UNSPECIFIED: 'MODE_UNSPECIFIED',
  /**
   * Measure and forecast only.
   */
  MODE_OBSERVE: 'MODE_OBSERVE',
  /**
   * Decide and log, change nothing.
   */
  MODE_RECOMMEND: 'MODE_RECOMMEND',
  /**
   * Decide and change.
   */
  MODE_ENFORCE: 'MODE_ENFORCE',
} as const;

export type ModeInit =
  | 'MODE_UNSPECIFIED'
  /**
   * Measure and forecast only.
   */
  | 'MODE_OBSERVE'
  /**
   * Decide and log, change nothing.
   */
  | 'MODE_RECOMMEND'
  /**
   * Decide and change.
   */
  | 'MODE_ENFORCE'

export type Mode = typeof Mode[keyof typeof Mode]
