/** Gains as people write them: probability per unit of error, and over seconds. */
export interface PidGains {
  kp: number;
  ki: number;
  kd: number;
}

/** What the controller remembers from step to step. */
export interface PidState {
  integral: number;
  /** `undefined` before the first step. */
  lastError: number | undefined;
  /** 0 to 1. */
  dropProbability: number;
}

/** The share of its depth at which the queue is to stand. */
export const SETPOINT = 0.7;
const STEP_SECONDS = 0.01;

/**
 * One step of the textbook PID in floating point, to compare the program's fixed point with: the
 * integral within 0 to 1, growing only while the output can follow.
 *
 * @param occupancy level / max_size
 * @param steps of 10 ms since the last one
 */
export function pidStep(
  gains: PidGains,
  state: PidState,
  { occupancy, steps }: { occupancy: number; steps: number },
): PidState {
  const seconds = steps * STEP_SECONDS;
  const error = occupancy - SETPOINT;
  const proportional = gains.kp * error;
  const derivative = (gains.kd * (error - (state.lastError ?? error))) / seconds;
  const ceiling = Math.max(state.integral, 1 - proportional);
  const integral = within(state.integral + gains.ki * error * seconds, 0, Math.min(1, ceiling));
  return {
    integral,
    lastError: error,
    dropProbability: within(proportional + integral + derivative, 0, 1),
  };
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
