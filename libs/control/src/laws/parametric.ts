import type { Law, LawInput, LawOutput, ResourceState } from './law.ts';
import { measured, within } from './measured.ts';
import { Optomechanical, type OptomechanicalOptions } from './optomechanical.ts';
import { PeakNeed } from './peak-need.ts';
import { PhaseProfile } from './phase-profile.ts';

/** Settings of {@link Parametric}. */
export interface ParametricOptions extends OptomechanicalOptions {
  /** Longest period looked for, s; default 60. */
  periodMaxS?: number;
}

/** Room is asked for so long before a phase needs it, beyond the delay of the actuation, s. */
const earlyS = 1;
/** Ticks for which a reversal counts. */
const reversalTicks = 100;
/** A reversal is the law's own doing where what is wanted has changed by less than this share. */
const sameShare = 0.1;

/**
 * For periodic traffic, as a parametric drive pumps an oscillator at its own phase: while a period
 * is known, the size follows what the coming phases needed in the last periods, up before they come
 * and down behind them, instead of holding each peak. Without one, or with one that stops telling
 * the peaks, it is the reactive law to the byte.
 *
 * The damping adapts: each reversal in the last hundred ticks that nothing asked for makes the
 * largest fall of a tick smaller. Rises are never damped.
 */
export class Parametric implements Law {
  readonly name = 'parametric';
  readonly #base: Optomechanical;
  readonly #aheadS: number;
  readonly #peak = new PeakNeed({ holdMs: 0 });
  readonly #profile: PhaseProfile;
  readonly #turns: number[] = [];
  #ticks = 0;
  #moved = { direction: 0, wanted: 0 };

  constructor(options: ParametricOptions = {}) {
    this.#base = new Optomechanical(options);
    this.#aheadS = earlyS + (options.actuationDelayMs ?? 0) / 1_000;
    this.#profile = new PhaseProfile({
      ...(options.periodMaxS !== undefined && { periodMaxS: options.periodMaxS }),
    });
  }

  /** The period that it follows, s; undefined: it reacts. */
  get periodS(): number | undefined {
    return this.#profile.periodS;
  }

  calculateForce(state: ResourceState): number {
    return this.#base.calculateForce(state);
  }

  predictNextState(state: ResourceState): ResourceState {
    return this.#base.predictNextState(state);
  }

  /** The base forgets; a phase is remembered, announced or not: it is this law's own forecast. */
  forget(range: { fromMs: number; toMs: number }): void {
    this.#base.forget(range);
  }

  step(input: LawInput): LawOutput {
    const reactive = this.#base.step(input);
    this.#peak.observe({ nowMs: input.nowMs, need: input.need, dropped: input.dropped });
    const now = measured(input);
    const peak = now && this.#peak.value(input.nowMs);
    if (now === undefined || peak === undefined) return reactive;
    // Drops of a second add up; a high-water mark belongs to its own interval alone.
    this.#profile.learn(input.nowMs, (input.dropped ?? 0) > 0 ? peak : now.need);
    this.#ticks += 1;
    const expected = this.#profile.expected(this.#aheadS);
    if (expected === undefined) return reactive;
    const { applied } = now;
    const { setpoint, deadBand, stepMax } = this.#base;
    const wanted = Math.max(expected, peak) / setpoint;
    // Small differences between periods are left alone, as the base leaves its dead band alone.
    const isNear = Math.abs(wanted / applied - 1) <= deadBand / setpoint;
    const damping = 1 + this.#turns.length;
    const largest = wanted < applied ? stepMax / damping : stepMax;
    const wish = isNear ? applied : within(applied, wanted, largest);
    this.#note(Math.sign(wish - applied), wanted);
    this.#base.resume(wish);
    return { ...reactive, wish, reasons: ['phase'] };
  }

  #note(direction: number, wanted: number): void {
    const isTurn = direction !== 0 && direction === -this.#moved.direction;
    const isOwn = Math.abs(wanted - this.#moved.wanted) < sameShare * wanted;
    if (isTurn && isOwn) this.#turns.push(this.#ticks);
    if (direction !== 0) this.#moved = { direction, wanted };
    while ((this.#turns[0] ?? Number.POSITIVE_INFINITY) <= this.#ticks - reversalTicks) {
      this.#turns.shift();
    }
  }
}
