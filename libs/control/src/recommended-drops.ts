import type { Sample } from '@levitate/series';
import { MeasuredIntervals } from './measured-intervals.ts';
import { type Estimate, ShadowLane } from './shadow-lane.ts';

/** Bytes since the start, of the intervals that were measured whole. */
export interface RecommendedDropsReading {
  /** Of the real queue. */
  measuredBytes: number;
  /** What the recommended limits would have dropped of the same arrivals. */
  recommended: Readonly<Estimate>;
}

/**
 * Beside the real queue of a target that is not controlled, the one with the limits that were
 * recommended for it. Arrivals are taken as given, as in `ShadowQueue`: an estimate.
 */
export class RecommendedDrops {
  readonly #intervals: MeasuredIntervals;
  readonly #lane = new ShadowLane();
  #measuredBytes = 0;

  constructor({ periodMs }: { periodMs: number }) {
    this.#intervals = new MeasuredIntervals({ periodMs });
  }

  /**
   * Once for each new sample, in order.
   * @param limitBytes recommended throughout the sample's interval
   */
  step(sample: Sample, limitBytes: number): void {
    const measured = this.#intervals.next(sample);
    if (measured === undefined) {
      this.#lane.resync();
      return;
    }
    this.#measuredBytes += measured.droppedBytes;
    this.#lane.step(measured, limitBytes - this.#intervals.slackBytes);
  }

  get reading(): RecommendedDropsReading {
    return { measuredBytes: this.#measuredBytes, recommended: { ...this.#lane.droppedBytes } };
  }
}
