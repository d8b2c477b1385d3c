import {
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  type ResourceState,
} from './law.ts';
import { measured, unmeasured } from './measured.ts';
import { PeakNeed } from './peak-need.ts';
import { deadBandDefault, type SizingOptions } from './sizing-options.ts';

/**
 * The size that the held peak needs, in one move. What `Optomechanical` reaches by steps of a
 * quarter is one change here, which is cheaper where each change has its price and nothing rings:
 * on bursts of cellular links the steps alone made up a tenth of what the law cost. It has no
 * force, so it answers an onset one interval later.
 */
export class HeldPeak implements Law {
  readonly name = 'held-peak';
  readonly #setpoint: number;
  readonly #deadBand: number;
  readonly #peak: PeakNeed;

  constructor(options: Pick<SizingOptions, 'setpoint' | 'deadBand' | 'holdMs'> = {}) {
    this.#setpoint = options.setpoint ?? 0.8;
    this.#deadBand = options.deadBand ?? 2 * deadBandDefault;
    this.#peak = new PeakNeed({ holdMs: options.holdMs ?? 60_000 });
  }

  /** How far utilisation is outside the dead band; 0 within it. */
  calculateForce({ utilisation }: ResourceState): number {
    const off = utilisation - this.#setpoint;
    return Math.sign(off) * Math.max(0, Math.abs(off) - this.#deadBand * this.#setpoint);
  }

  /** It looks at nothing but the past. */
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
    const answer = (wish: number, reason: LawReason): LawOutput => ({
      wish,
      utilisation: need / size,
      gains: normalGains,
      reasons: [reason],
    });
    const wanted = need / this.#setpoint;
    const isNear = Math.abs(wanted / applied - 1) <= this.#deadBand;
    if (isNear || wanted <= 0) return answer(applied, 'within-dead-band');
    return answer(wanted, wanted > applied ? 'above-setpoint' : 'below-setpoint');
  }
}
