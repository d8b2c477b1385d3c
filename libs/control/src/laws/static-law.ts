import { type Law, type LawInput, type LawOutput, normalGains, type ResourceState } from './law.ts';

/** A size that never changes: the baseline every controller has to beat. */
export class StaticLaw implements Law {
  readonly name = 'static';
  readonly #size: number;

  /** @param size in the resource's unit, finite and positive */
  constructor(size: number) {
    this.#size = size;
  }

  calculateForce(): number {
    return 0;
  }

  predictNextState(state: ResourceState): ResourceState {
    return { ...state };
  }

  step(input: LawInput): LawOutput {
    const utilisation = input.need === undefined ? undefined : input.need / input.size;
    return {
      wish: this.#size,
      utilisation: Number.isFinite(utilisation) ? utilisation : undefined,
      gains: normalGains,
      reasons: ['static'],
    };
  }
}
