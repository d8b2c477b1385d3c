import { KalmanLevel } from './kalman-level.ts';
import {
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  type ResourceState,
} from './law.ts';
import { type Measured, measured, unmeasured, within } from './measured.ts';
import { PeakNeed } from './peak-need.ts';
import { deadBandDefault, type SizingOptions, stepDefault } from './sizing-options.ts';

/** The size holds what one interval in a hundred exceeds, at this utilisation. */
const quantileSd = 2.33;
const quantileUtilisation = 0.95;

/**
 * For steady traffic that must not wait, with the fewest changes: a Kalman estimate of the need and
 * where it goes decides, not the last measurement. Nothing moves while the estimate stays within
 * the dead band around the setpoint; when it leaves it, one move goes to where it will be when the
 * new size is usable. A rise is made at once, a fall when less was enough throughout the hold.
 */
export class Coherent implements Law {
  readonly name = 'coherent';
  readonly #setpoint: number;
  readonly #deadBand: number;
  readonly #step: number;
  readonly #holdMs: number;
  readonly #aheadS: number;
  readonly #periodS: number;
  readonly #peak = new PeakNeed({ holdMs: 0 });
  readonly #filter = new KalmanLevel();
  #lastMs: number | undefined;
  /** Largest size that was wanted since less than the present one was, and since when. */
  #less: { sinceMs: number; size: number } | undefined;

  constructor(options: SizingOptions = {}) {
    const { periodMs = 100, actuationDelayMs = 0 } = options;
    this.#setpoint = options.setpoint ?? 0.7;
    this.#deadBand = options.deadBand ?? deadBandDefault;
    this.#step = options.step ?? stepDefault;
    this.#holdMs = options.holdMs ?? 10_000;
    this.#periodS = periodMs / 1_000;
    this.#aheadS = this.#periodS + actuationDelayMs / 1_000;
  }

  /** How far the next utilisation is outside the dead band; 0 within it. */
  calculateForce(state: ResourceState): number {
    const off = this.predictNextState(state).utilisation - this.#setpoint;
    return Math.sign(off) * Math.max(0, Math.abs(off) - this.#deadBand);
  }

  /** Constant velocity over one tick, where it stands out of the noise. */
  predictNextState(state: ResourceState): ResourceState {
    const velocity = Math.abs(state.velocity) > state.noiseFloor ? state.velocity : 0;
    const utilisation = Math.max(0, state.utilisation + velocity * this.#periodS);
    return { ...state, utilisation, acceleration: 0 };
  }

  forget(range: { fromMs: number; toMs: number }): void {
    this.#peak.forget(range);
  }

  step(input: LawInput): LawOutput {
    this.#peak.observe(input);
    const now = measured(input);
    const peak = now && this.#peak.value(input.nowMs);
    if (now === undefined || peak === undefined) return unmeasured(input);
    const sinceS = (input.nowMs - (this.#lastMs ?? Number.NEGATIVE_INFINITY)) / 1_000;
    this.#lastMs = input.nowMs;
    const elapsedS = sinceS > 0 && Number.isFinite(sinceS) ? sinceS : this.#periodS;
    const { level, trend, sd } = this.#filter.learn(peak, elapsedS);
    const ahead = Math.max(0, level + Math.max(0, trend) * this.#aheadS);
    const asked = this.#ask({ now, ahead, sd, nowMs: input.nowMs });
    const utilisation = Math.max(0, level) / now.size;
    return { ...asked, utilisation, gains: normalGains };
  }

  #ask(at: { now: Measured; ahead: number; sd: number; nowMs: number }): {
    wish: number;
    reasons: LawReason[];
  } {
    const { ahead, sd, nowMs } = at;
    const { applied } = at.now;
    const rare = (ahead + quantileSd * sd) / quantileUtilisation;
    const wanted = Math.max(ahead / this.#setpoint, rare);
    if (ahead / applied > this.#setpoint + this.#deadBand || rare > applied) {
      this.#less = undefined;
      return { wish: within(applied, wanted, this.#step), reasons: ['above-setpoint'] };
    }
    const isLess =
      ahead / applied < this.#setpoint - this.#deadBand && wanted < applied * (1 - this.#deadBand);
    if (!isLess) {
      this.#less = undefined;
      return { wish: applied, reasons: ['within-dead-band'] };
    }
    const since = this.#less ?? { sinceMs: nowMs, size: wanted };
    this.#less = { ...since, size: Math.max(since.size, wanted) };
    const isDue = nowMs - since.sinceMs >= this.#holdMs;
    const wish = isDue ? within(applied, Math.min(applied, this.#less.size), this.#step) : applied;
    return { wish, reasons: ['below-setpoint'] };
  }
}
