import { ShadowQueue, type ShadowQueueOptions, type ShadowReading } from '@levitate/control';
import type { Sample } from '@levitate/series';

/** A sample and when it came, monotonic. */
interface Step {
  nowMs: number;
  sample: Sample;
}

/** Steps that wait at most: a minute of them at 10 Hz. */
const waitingMax = 600;

/**
 * The queues that are not there, some samples behind: what they would have done changes nothing,
 * so no change has to wait for it, and ten steps in a row cost less than one after each sample.
 * Whoever reads them finds them up to date.
 */
export class LateShadow {
  readonly #shadow: ShadowQueue;
  #waiting: Step[] = [];

  constructor(options: ShadowQueueOptions) {
    this.#shadow = new ShadowQueue(options);
  }

  /** Once for each new sample, in order. */
  take(step: Step): void {
    this.#waiting.push(step);
    if (this.#waiting.length >= waitingMax) this.catchUp();
  }

  /** Make the steps that wait. */
  catchUp(): void {
    for (const step of this.#waiting) this.#shadow.step(step);
    this.#waiting = [];
  }

  get reading(): ShadowReading {
    this.catchUp();
    return this.#shadow.reading;
  }
}
