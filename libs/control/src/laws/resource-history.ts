import { NoiseFloor } from '@levitate/series';
import type { ResourceState } from './law.ts';

/** Samples of motion that are kept (SPEC 4.2). */
export const historySamplesMax = 60;

/**
 * Motion is bounded so that its square stays finite; the force saturates many orders of magnitude
 * earlier.
 */
const motionMax = 1e9;

/**
 * Position, velocity and acceleration of one resource over its last 60 samples.
 *
 * Velocity counts traffic only: the change of need over the size in force. The change of
 * utilisation that the controller's own resize makes is left out, because answering it would make
 * the law chase itself: a queue made larger would look like falling traffic.
 */
export class ResourceHistory {
  /** Ground state g of SPEC 4.2: median + 3 MAD of |v|. */
  readonly #speeds = new NoiseFloor({ capacity: historySamplesMax, k: 3 });
  #state: ResourceState = { utilisation: 0, velocity: 0, acceleration: 0, noiseFloor: 0 };
  #need: number | undefined;

  get state(): Readonly<ResourceState> {
    return this.#state;
  }

  /** @param sample need and size in one unit, size positive; `elapsedS` since the last, positive */
  observe(sample: { need: number; size: number; elapsedS: number }): ResourceState {
    const { need, size, elapsedS } = sample;
    const isFirst = this.#need === undefined;
    const velocity = isFirst ? 0 : bound((need - (this.#need ?? need)) / size / elapsedS);
    const acceleration = isFirst ? 0 : bound((velocity - this.#state.velocity) / elapsedS);
    this.#state = {
      utilisation: need / size,
      velocity,
      acceleration,
      noiseFloor: this.#speeds.level() ?? 0,
    };
    this.#need = need;
    this.#speeds.push(Math.abs(velocity));
    return this.#state;
  }

  /** Forget where the resource was, not how noisy it is: the next sample starts at rest. */
  rest(): void {
    this.#need = undefined;
  }
}

function bound(motion: number): number {
  return Math.max(-motionMax, Math.min(motionMax, motion));
}
