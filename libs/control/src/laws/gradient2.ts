import { type Law, type LawInput, type LawOutput, normalGains, type ResourceState } from './law.ts';
import { measured, unmeasured } from './measured.ts';

/** Settings of {@link Gradient2}; defaults are those of the published one. */
export interface Gradient2Options {
  /** Intervals over which the long-term delay is averaged; default 600. */
  longIntervals?: number;
  /** How much longer than usual a delay may be before the size falls; default 1.5. */
  tolerance?: number;
  /** Weight of the newest size; default 0.2. */
  smoothing?: number;
  /** Room for a queue on top, in the resource's unit; default the root of the size. */
  queue?: (size: number) => number;
}

/** The size falls to no less than this share of itself by one gradient. */
const gradientMin = 0.5;
/** A long-term delay this much above the newest one comes down by a twentieth a tick. */
const recovery = { ratio: 2, factor: 0.95 };

/**
 * Gradient2 of Netflix' concurrency-limits (2018), from its description: the size follows the ratio
 * of the usual delay to the newest one, plus room for a queue, and grows only where it is used. It
 * limits how much is let in at once; where more serves more it rests on delay alone, so it needs
 * `delayS` and holds without.
 */
export class Gradient2 implements Law {
  readonly name = 'gradient2';
  readonly #weight: number;
  readonly #tolerance: number;
  readonly #smoothing: number;
  readonly #queue: (size: number) => number;
  #longS: number | undefined;

  constructor(options: Gradient2Options = {}) {
    this.#weight = 2 / ((options.longIntervals ?? 600) + 1);
    this.#tolerance = options.tolerance ?? 1.5;
    this.#smoothing = options.smoothing ?? 0.2;
    this.#queue = options.queue ?? Math.sqrt;
  }

  /** It knows delays alone. */
  calculateForce(): number {
    return 0;
  }

  predictNextState(state: ResourceState): ResourceState {
    return { ...state };
  }

  step(input: LawInput): LawOutput {
    const now = measured(input);
    const { delayS } = input;
    if (now === undefined || delayS === undefined || !(delayS > 0) || !Number.isFinite(delayS)) {
      return unmeasured(input);
    }
    const { applied, size, need } = now;
    const utilisation = need / size;
    const longS = this.#learn(delayS);
    const answer = (wish: number, reasons: LawOutput['reasons']) => ({
      wish,
      utilisation,
      gains: normalGains,
      reasons,
    });
    // What is not used says nothing about what more of it would do.
    if (need < applied / 2) return answer(applied, ['below-setpoint']);
    const gradient = Math.max(gradientMin, Math.min(1, (this.#tolerance * longS) / delayS));
    const target = applied * gradient + this.#queue(applied);
    const wish = applied * (1 - this.#smoothing) + target * this.#smoothing;
    return answer(wish, [wish > applied ? 'above-setpoint' : 'decay']);
  }

  #learn(delayS: number): number {
    const before = this.#longS ?? delayS;
    let longS = before + this.#weight * (delayS - before);
    if (longS > recovery.ratio * delayS) longS *= recovery.factor;
    this.#longS = longS;
    return longS;
  }
}
