import { type PlacedGains, placeGains } from './gain-placement.ts';
import {
  type Law,
  type LawInput,
  type LawOutput,
  type LawReason,
  normalGains,
  type ResourceState,
} from './law.ts';
import { isSize, measured, within } from './measured.ts';
import { PeakNeed } from './peak-need.ts';
import { ResourceHistory } from './resource-history.ts';
import { deadBandDefault, type SizingOptions, stepDefault } from './sizing-options.ts';

/** Settings of the reactive law. Defaults suit a queue sized every 100 ms. */
export interface OptomechanicalOptions extends SizingOptions {
  /** Makes velocity and acceleration dimensionless, s; default 1. */
  timeConstantS?: number;
  /** G of the force term; default 0.05, at which every onset saturates the step. */
  forceGain?: number;
}

/**
 * How far the law's own integral may stand from what was applied, relative. More than the envelope
 * coalesces (0.05), so that small steps add up to one worth making. Little enough that a resource
 * in whole units cannot cycle: the tightest case is six or seven units, one above and one below
 * the dead band, where integral and one step together must stay under half a unit, 8.3 %.
 */
const windUpMax = 0.055;

const roundingSlack = 1e-9;

/**
 * The reactive law, "cooling" (SPEC 4.2). A force F = sign(v) v^2 max(0, 1 + a) where |v| stands
 * out of the noise answers the onset, a proportional term with dead band brings utilisation back to
 * its setpoint: relative change = clamp(G F + H (u - setpoint) - D x last change, +-step).
 *
 * One bound is ours: the law never wishes past the size at which the need it knows would sit at
 * the far edge of the dead band. Without it the law, blind while a change is under way, overshoots
 * a fivefold step by 116 % at a delay of ten ticks; with it by 7.7 % at most, at any delay. It also
 * turns the force of an onset in an empty queue from a rise nobody needs into a hold.
 */
export class Optomechanical implements Law {
  readonly name = 'optomechanical';
  readonly setpoint: number;
  readonly deadBand: number;
  /** Largest relative change in one tick. */
  readonly stepMax: number;
  readonly #periodS: number;
  readonly #timeConstantS: number;
  readonly #forceGain: number;
  readonly #gains: PlacedGains;
  readonly #peak: PeakNeed;
  readonly #history = new ResourceHistory();
  #wish: number | undefined;
  #lastChange = 0;
  #lastNowMs: number | undefined;

  constructor(options: OptomechanicalOptions = {}) {
    const { periodMs = 100, actuationDelayMs = 0 } = options;
    this.setpoint = options.setpoint ?? 0.7;
    this.deadBand = options.deadBand ?? deadBandDefault;
    this.stepMax = options.step ?? stepDefault;
    this.#periodS = periodMs / 1_000;
    this.#timeConstantS = options.timeConstantS ?? 1;
    this.#forceGain = options.forceGain ?? 0.05;
    this.#gains = placeGains(actuationDelayMs / periodMs);
    this.#peak = new PeakNeed(options.holdMs === undefined ? {} : { holdMs: options.holdMs });
  }

  /** Motion of the resource as of the last step. */
  get state(): Readonly<ResourceState> {
    return this.#history.state;
  }

  calculateForce(state: ResourceState): number {
    if (!(Math.abs(state.velocity) > state.noiseFloor)) return 0;
    const velocity = state.velocity * this.#timeConstantS;
    const acceleration = state.acceleration * this.#timeConstantS ** 2;
    return Math.sign(velocity) * velocity ** 2 * Math.max(0, 1 + acceleration);
  }

  /** Constant acceleration over one tick; utilisation stays at 0 or above. */
  predictNextState(state: ResourceState): ResourceState {
    const seconds = this.#periodS;
    const moved = state.velocity * seconds + (state.acceleration * seconds ** 2) / 2;
    return {
      ...state,
      utilisation: Math.max(0, state.utilisation + moved),
      velocity: state.velocity + state.acceleration * seconds,
    };
  }

  step(input: LawInput): LawOutput {
    this.#peak.observe(input);
    const now = measured(input);
    const need = now && this.#peak.value(input.nowMs);
    if (now === undefined || need === undefined) return this.#hold(input);
    const { applied, size } = now;
    const state = this.#history.observe({ need, size, elapsedS: this.#elapsed(input) });
    const force = this.calculateForce(state);
    const { asked, reasons } = this.#ask(state, force);
    const from = this.#track({ applied, asked });
    const change = this.#short({ change: asked, need, wish: from });
    this.#lastChange = change;
    this.#wish = from * (1 + change);
    const { utilisation } = state;
    return { wish: this.#wish, utilisation, gains: normalGains, reasons, force };
  }

  /** Need at its setpoint: the size this law settles at; `undefined` before any measurement. */
  restingSize(nowMs: number): number | undefined {
    const need = this.#peak.value(nowMs);
    return need === undefined ? undefined : need / this.setpoint;
  }

  /** Leave intervals that ended within [fromMs, toMs] out of the peak: they were announced. */
  forget(range: { fromMs: number; toMs: number }): void {
    this.#peak.forget(range);
  }

  /** Go on from a size that was set by somebody else, at rest. */
  resume(size: number): void {
    this.#wish = isSize(size) ? size : undefined;
    this.#lastChange = 0;
    this.#history.rest();
  }

  /** The relative change that clamp(G F + H (u - setpoint) - D x last change, +-step) asks for. */
  #ask(state: ResourceState, force: number): { asked: number; reasons: LawReason[] } {
    const off = state.utilisation - this.setpoint;
    const error = Math.abs(off) <= this.deadBand + roundingSlack ? 0 : off;
    if (error === 0 && force === 0) return { asked: 0, reasons: ['within-dead-band'] };
    const change =
      this.#forceGain * force + this.#gains.h * error - this.#gains.d * this.#lastChange;
    const asked = Math.max(-this.stepMax, Math.min(this.stepMax, change));
    const reasons: LawReason[] = [];
    if (force !== 0) reasons.push(force > 0 ? 'onset-force' : 'release-force');
    if (error !== 0) reasons.push(error > 0 ? 'above-setpoint' : 'below-setpoint');
    return { asked, reasons };
  }

  /** The change, cut short at the size where `need` sits at the far edge of the dead band. */
  #short(at: { change: number; need: number; wish: number }): number {
    const { change, need, wish } = at;
    if (change > 0) {
      const largest = need / (this.setpoint - this.deadBand);
      return Math.max(0, Math.min(change, largest / wish - 1));
    }
    const smallest = need / (this.setpoint + this.deadBand);
    return Math.min(0, Math.max(change, smallest / wish - 1));
  }

  /**
   * The law integrates its own wish, calculated back from what was applied (anti-windup). A wish
   * that was left behind on the other side, at a bound for one, does not weaken the way back.
   */
  #track({ applied, asked }: { applied: number; asked: number }): number {
    const wish = this.#wish ?? applied;
    if (asked > 0 && wish < applied) return applied;
    if (asked < 0 && wish > applied) return applied;
    return within(applied, wish, windUpMax);
  }

  #elapsed(input: LawInput): number {
    const since = this.#lastNowMs === undefined ? 0 : input.nowMs - this.#lastNowMs;
    this.#lastNowMs = input.nowMs;
    const elapsedS = Math.max(since, input.intervalMs) / 1_000;
    return elapsedS > 0 ? elapsedS : this.#periodS;
  }

  #hold(input: LawInput): LawOutput {
    const size = isSize(input.size) ? input.size : (this.#wish ?? 1);
    const applied = isSize(input.requested) ? input.requested : size;
    const { utilisation } = this.#history.state;
    return {
      wish: applied,
      utilisation: this.#wish === undefined ? undefined : utilisation,
      gains: normalGains,
      reasons: ['no-sample'],
    };
  }
}
