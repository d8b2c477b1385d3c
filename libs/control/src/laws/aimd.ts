import { type Law, type LawInput, type LawOutput, normalGains, type ResourceState } from './law.ts';
import { measured, unmeasured } from './measured.ts';
import { PeakNeed } from './peak-need.ts';
import { deadBandDefault } from './sizing-options.ts';

/** Settings of {@link Aimd}. */
export interface AimdOptions {
  /** Added at once while more is needed, as a share of the size at the start; default 0.1. */
  increase?: number;
  /** What the size is multiplied by while less is needed; default 0.9. */
  decrease?: number;
  /** Least time between two increases, and between two decreases, ms; default 1,000. */
  everyMs?: number;
  /** Default 0.70. */
  setpoint?: number;
  /** Distance from the setpoint that is left alone; default 0.05. */
  deadBand?: number;
  /** How long a peak is held, ms; default 10,000. */
  holdMs?: number;
}

/**
 * Additive increase, multiplicative decrease (Chiu and Jain, Computer Networks and ISDN Systems 17,
 * 1989), the other way round than for a sender: the size of what serves grows by steps while the
 * peak need is above the setpoint and shrinks by a share while it is below. A baseline, and a
 * choice: it is slow by design, and a rise of many times takes many steps.
 */
export class Aimd implements Law {
  readonly name = 'aimd';
  readonly #increase: number;
  readonly #decrease: number;
  readonly #everyMs: number;
  readonly #setpoint: number;
  readonly #deadBand: number;
  readonly #peak: PeakNeed;
  #reference: number | undefined;
  #movedMs = Number.NEGATIVE_INFINITY;

  constructor(options: AimdOptions = {}) {
    this.#increase = options.increase ?? 0.1;
    this.#decrease = options.decrease ?? 0.9;
    this.#everyMs = options.everyMs ?? 1_000;
    this.#setpoint = options.setpoint ?? 0.7;
    this.#deadBand = options.deadBand ?? deadBandDefault;
    this.#peak = new PeakNeed(options.holdMs === undefined ? {} : { holdMs: options.holdMs });
  }

  /** Which way it goes: 1 above the dead band, -1 below it. */
  calculateForce({ utilisation }: ResourceState): number {
    const off = utilisation - this.#setpoint;
    return Math.abs(off) <= this.#deadBand ? 0 : Math.sign(off);
  }

  /** It looks at nothing but the present. */
  predictNextState(state: ResourceState): ResourceState {
    return { ...state };
  }

  forget(range: { fromMs: number; toMs: number }): void {
    this.#peak.forget(range);
  }

  step(input: LawInput): LawOutput {
    this.#peak.observe(input);
    const now = measured(input);
    const need = now && this.#peak.value(input.nowMs);
    if (now === undefined || need === undefined) return unmeasured(input);
    const { size, applied } = now;
    this.#reference ??= applied;
    const utilisation = need / size;
    const force = this.calculateForce({ utilisation, velocity: 0, acceleration: 0, noiseFloor: 0 });
    const isDue = input.nowMs - this.#movedMs >= this.#everyMs;
    const answer = (wish: number, reasons: LawOutput['reasons']) => {
      if (wish !== applied) this.#movedMs = input.nowMs;
      return { wish, utilisation, gains: normalGains, reasons };
    };
    if (force === 0) return answer(applied, ['within-dead-band']);
    if (force > 0) {
      const wish = isDue ? applied + this.#increase * this.#reference : applied;
      return answer(wish, ['above-setpoint']);
    }
    return answer(isDue ? this.#decrease * applied : applied, ['below-setpoint']);
  }
}
