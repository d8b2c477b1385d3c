// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

export const BreakerState = {
  BREAKER_STATE_UNSPECIFIED: 'BREAKER_STATE_UNSPECIFIED',
  BREAKER_STATE_CLOSED: 'BREAKER_STATE_CLOSED',
  BREAKER_STATE_OPEN: 'BREAKER_STATE_OPEN',
} as const;

export type BreakerStateInit =
  | 'BREAKER_STATE_UNSPECIFIED'
  | 'BREAKER_STATE_CLOSED'
  | 'BREAKER_STATE_OPEN'

export type BreakerState = typeof BreakerState[keyof typeof BreakerState]
