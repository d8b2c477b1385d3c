import {
  type Gains,
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  type ResourceState,
} from './law.ts';
import { unmeasured, within } from './measured.ts';
import { PeakNeed } from './peak-need.ts';
import { stepDefault } from './sizing-options.ts';

/** Settings of {@link Pid}. */
export interface PidOptions {
  /** Default 0.4 / 0.05 / 0.02 (SPEC 4.1). */
  gains?: Readonly<Gains>;
  /** Default 0.70. */
  setpoint?: number;
  /** Largest relative change in one tick; default 0.25. */
  step?: number;
  /** How long a peak is held, ms; default 10,000. */
  holdMs?: number;
  /** Time in which the integral follows what was applied, s; default 1. */
  trackingS?: number;
}

/** Bound of the logarithm of size over reference: e^20 is beyond any resource. */
const logSizeMax = 20;

/**
 * PID on utilisation, output = ln(size / size at the start), so that one set of gains fits every
 * size. The derivative is taken on the measurement, not on the error, so that a new setpoint causes
 * no kick, and on its traffic part alone: with the own resizes in it the pre-expansion gains
 * are unstable at 100 ms (a pole at -1.2). The integral follows what was applied
 * (back-calculation), so that a size held by the envelope does not wind it up. Astrom and
 * Hagglund, Advanced PID Control, 3.3 and 3.5.
 */
export class Pid implements Law {
  readonly name = 'pid';
  readonly #setpoint: number;
  readonly #step: number;
  readonly #trackingS: number;
  readonly #peak: PeakNeed;
  #gains: Readonly<Gains>;
  #reference: number | undefined;
  #integral = 0;
  #lastOutput: number | undefined;
  #lastUtilisation: number | undefined;
  #lastNeed: number | undefined;

  constructor(options: PidOptions = {}) {
    this.#gains = options.gains ?? normalGains;
    this.#setpoint = options.setpoint ?? 0.7;
    this.#step = options.step ?? stepDefault;
    this.#trackingS = options.trackingS ?? 1;
    this.#peak = new PeakNeed(options.holdMs === undefined ? {} : { holdMs: options.holdMs });
  }

  /** Change the gains without a jump: the integral takes up what the new ones leave over. */
  setGains(gains: Readonly<Gains>): void {
    if (this.#lastUtilisation !== undefined) {
      this.#integral += (this.#gains.kp - gains.kp) * (this.#lastUtilisation - this.#setpoint);
    }
    this.#gains = gains;
  }

  calculateForce(state: ResourceState): number {
    return this.#gains.kp * (state.utilisation - this.#setpoint) + this.#gains.kd * state.velocity;
  }

  predictNextState(state: ResourceState): ResourceState {
    return { ...state, utilisation: Math.max(0, state.utilisation + state.velocity * 0.1) };
  }

  step(input: LawInput): LawOutput {
    this.#peak.observe(input);
    const applied = input.requested ?? input.size;
    const need = input.need === undefined ? undefined : this.#peak.value(input.nowMs);
    const utilisation = need === undefined ? Number.NaN : need / input.size;
    const seconds = input.intervalMs / 1_000;
    if (need === undefined || !Number.isFinite(utilisation) || !(applied > 0) || !(seconds > 0)) {
      return { ...unmeasured(input), gains: this.#gains };
    }
    this.#reference ??= applied;
    const position = Math.log(applied / this.#reference);
    const speed = (need - (this.#lastNeed ?? need)) / input.size / seconds;
    this.#lastNeed = need;
    const output = this.#output({ utilisation, position, seconds, speed });
    const wish = within(applied, this.#reference * Math.exp(output), this.#step);
    const off = utilisation - this.#setpoint;
    const reason: LawReason = off > 0 ? 'above-setpoint' : 'below-setpoint';
    return { wish, utilisation, gains: this.#gains, reasons: [reason] };
  }

  #output(at: {
    utilisation: number;
    position: number;
    seconds: number;
    /** Change of utilisation by traffic, 1/s. */
    speed: number;
  }): number {
    const { utilisation, position, seconds, speed } = at;
    const error = utilisation - this.#setpoint;
    // What was applied of the last output; the rest is wind-up and leaves the integral.
    const unapplied = position - (this.#lastOutput ?? position);
    this.#integral +=
      this.#gains.ki * error * seconds + unapplied * Math.min(1, seconds / this.#trackingS);
    this.#integral = Math.max(-logSizeMax, Math.min(logSizeMax, this.#integral));
    const output = this.#gains.kp * error + this.#integral + this.#gains.kd * speed;
    this.#lastUtilisation = utilisation;
    this.#lastOutput = Math.max(-logSizeMax, Math.min(logSizeMax, output));
    return this.#lastOutput;
  }
}
