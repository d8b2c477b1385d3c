import { type Law, type LawInput, type LawOutput, normalGains, type ResourceState } from './law.ts';

/** Settings of {@link DoubleDecay}. */
export interface DoubleDecayOptions {
  /** Least time between two doublings, ms; default 1,000. */
  doubleEveryMs?: number;
  /** Time without doubling or decay until the next decay, ms; default 10,000. */
  decayEveryMs?: number;
  /** Factor of a decay; default 0.9. */
  decay?: number;
}

/**
 * The operator's rule of thumb as a law: double when full or dropping, at most once a second, else
 * shrink by a tenth every ten seconds. A baseline, and a choice for who wants nothing cleverer.
 */
export class DoubleDecay implements Law {
  readonly name = 'double-decay';
  readonly #doubleEveryMs: number;
  readonly #decayEveryMs: number;
  readonly #decay: number;
  #doubledMs = Number.NEGATIVE_INFINITY;
  #movedMs: number | undefined;

  constructor(options: DoubleDecayOptions = {}) {
    this.#doubleEveryMs = options.doubleEveryMs ?? 1_000;
    this.#decayEveryMs = options.decayEveryMs ?? 10_000;
    this.#decay = options.decay ?? 0.9;
  }

  calculateForce(): number {
    return 0;
  }

  predictNextState(state: ResourceState): ResourceState {
    return { ...state };
  }

  step(input: LawInput): LawOutput {
    const { nowMs, size, need, dropped = 0 } = input;
    const current = input.requested ?? size;
    const answer = (wish: number, reasons: LawOutput['reasons'], utilisation?: number) => ({
      wish,
      utilisation,
      gains: normalGains,
      reasons,
    });
    const utilisation = need === undefined ? Number.NaN : need / size;
    if (!Number.isFinite(utilisation)) return answer(current, ['no-sample']);
    this.#movedMs ??= nowMs;
    const isFull = utilisation >= 1 || dropped > 0;
    if (isFull && nowMs - this.#doubledMs >= this.#doubleEveryMs) {
      this.#doubledMs = nowMs;
      this.#movedMs = nowMs;
      return answer(2 * current, ['full'], utilisation);
    }
    if (!isFull && nowMs - this.#movedMs >= this.#decayEveryMs) {
      this.#movedMs = nowMs;
      return answer(this.#decay * current, ['decay'], utilisation);
    }
    return answer(current, isFull ? ['full'] : ['static'], utilisation);
  }
}
