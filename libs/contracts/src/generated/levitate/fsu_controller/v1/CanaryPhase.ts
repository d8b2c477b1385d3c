// Original file: proto/levitate/fsu_controller/v1/fsu_controller.proto

/**
 * How the roll-out of enforcement stands.
 */
export const CanaryPhase = {
  CANARY_PHASE_UNSPECIFIED: 'CANARY_PHASE_UNSPECIFIED',
  /**
   * Not begun: canary targets change nothing.
   */
  CANARY_PHASE_IDLE: 'CANARY_PHASE_IDLE',
  /**
   * The hosts of the stage enforce, and are compared with the rest.
   */
  CANARY_PHASE_SOAKING: 'CANARY_PHASE_SOAKING',
  /**
   * Every host enforces.
   */
  CANARY_PHASE_DONE: 'CANARY_PHASE_DONE',
  /**
   * Drops or delay were worse than those of the rest, or somebody ended it.
   */
  CANARY_PHASE_ROLLED_BACK: 'CANARY_PHASE_ROLLED_BACK',
} as const;

/**
 * How the roll-out of enforcement stands.
 */
export type CanaryPhaseInit =
  | 'CANARY_PHASE_UNSPECIFIED'
  /**
   * Not begun: canary targets change nothing.
   */
  | 'CANARY_PHASE_IDLE'
  /**
   * The hosts of the stage enforce, and are compared with the rest.
   */
  | 'CANARY_PHASE_SOAKING'
  /**
   * Every host enforces.
   */
  | 'CANARY_PHASE_DONE'
  /**
   * Drops or delay were worse than those of the rest, or somebody ended it.
   */
  | 'CANARY_PHASE_ROLLED_BACK'

/**
 * How the roll-out of enforcement stands.
 */
export type CanaryPhase = typeof CanaryPhase[keyof typeof CanaryPhase]
