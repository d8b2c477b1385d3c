/**
 * What a law is told on every tick. Sizes and needs share one unit, the resource's own: bytes of a
 * queue, connections of a pool.
 */
export interface LawInput {
  /** Monotonic time of the tick, milliseconds. */
  nowMs: number;
  /** Length of the interval that was measured, milliseconds. */
  intervalMs: number;
  /** Size in force now: what the traffic of this interval met. */
  size: number;
  /** Size asked for last, where a change takes time to be usable; default `size`. */
  requested?: number | undefined;
  /**
   * Room the interval asked for: high-water mark plus what was dropped. `undefined`: not measured,
   * and the law holds.
   */
  need: number | undefined;
  /** The part of `need` that was dropped; drops of one second add up (a queue). Default 0. */
  dropped?: number | undefined;
  /** Delay of the interval, p95 where there is one, seconds; where it is measured. */
  delayS?: number | undefined;
  /** A trusted forecast said so: this interval stays out of the peak. Default false. */
  announced?: boolean | undefined;
}

/** Gains of a PID controller; the agent's virtual queue takes the same three. */
export interface Gains {
  kp: number;
  ki: number;
  kd: number;
}

/** Gains while nothing is expected (SPEC 4.1). */
export const normalGains: Readonly<Gains> = Object.freeze({ kp: 0.4, ki: 0.05, kd: 0.02 });

/** Gains from pre-expansion to the end of the announced burst (SPEC 4.1). */
export const preExpansionGains: Readonly<Gains> = Object.freeze({ kp: 0.8, ki: 0.1, kd: 0.05 });

/** Why a law wishes what it wishes; closed set. */
export type LawReason =
  | 'no-sample'
  | 'within-dead-band'
  | 'above-setpoint'
  | 'below-setpoint'
  | 'onset-force'
  | 'release-force'
  | 'phase'
  | 'full'
  | 'decay'
  | 'static';

/** What a law asks for. */
export interface LawOutput {
  /** Finite and positive; the envelope decides what becomes of it. */
  wish: number;
  /** Held peak need over size; may exceed 1; `undefined` until something was measured. */
  utilisation: number | undefined;
  gains: Readonly<Gains>;
  /** Most important first. */
  reasons: LawReason[];
  /** Dimensionless force in this tick, where the law knows one; positive: towards more. */
  force?: number | undefined;
}

/** Motion of one resource (SPEC 4.2): position, velocity and acceleration of its utilisation. */
export interface ResourceState {
  /** Utilisation, 0 and up. */
  utilisation: number;
  /** Change of utilisation by traffic, 1/s. */
  velocity: number;
  /** 1/s^2. */
  acceleration: number;
  /** |velocity| up to this is noise, 1/s. */
  noiseFloor: number;
}

/** A control law: state in, wish out; no clock, no side effect but on its own state. */
export interface Law {
  readonly name: string;
  /** Dimensionless force on a resource that moves like this; 0 where the law knows none. */
  calculateForce(state: ResourceState): number;
  /** The state one tick later if traffic goes on as it does. */
  predictNextState(state: ResourceState): ResourceState;
  step(input: LawInput): LawOutput;
  /** Leave intervals that ended within [fromMs, toMs] out of what is remembered: announced. */
  forget?(range: { fromMs: number; toMs: number }): void;
}
