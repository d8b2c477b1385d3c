import { RecommendedDrops, type RecommendedDropsReading } from '@levitate/control';
import type { Sample } from '@levitate/series';
import { MeasuredTime } from './measured-time.ts';
import { addMoment, type RecommendedDay } from './recommended-day.ts';

/** One firing of a queue in mode recommend. */
export interface QueueAdvice {
  /** Monotonic. */
  nowMs: number;
  samples: readonly Sample[];
  /** In force, bytes. */
  size: number;
  /** What would have been in force until now, and from now on. */
  recommended: number;
  next: number;
}

/** A queue that is only advised: what it would have had and dropped, tick by tick. */
export class AdvisedQueue {
  readonly #dayOf: () => RecommendedDay | undefined;
  readonly #time: MeasuredTime;
  readonly #drops: RecommendedDrops;
  #told: RecommendedDropsReading;

  /** @param options.dayOf the running day; undefined: there is no room for another target's */
  constructor(options: { periodMs: number; dayOf: () => RecommendedDay | undefined }) {
    this.#dayOf = options.dayOf;
    this.#time = new MeasuredTime(options.periodMs);
    this.#drops = new RecommendedDrops(options);
    this.#told = this.#drops.reading;
  }

  /** Called for each firing in mode recommend; one without samples measured nothing. */
  take({ nowMs, samples, size, recommended, next }: QueueAdvice): void {
    const day = this.#dayOf();
    if (day === undefined) return;
    const seconds = samples.length === 0 ? 0 : this.#time.add(nowMs);
    addMoment(day, { seconds, size, recommended, next });
    if (samples.length === 0) return;
    for (const sample of samples) this.#drops.step(sample, recommended);
    const { measuredBytes, recommended: now } = this.#drops.reading;
    const { measuredBytes: measuredBefore, recommended: before } = this.#told;
    this.#told = { measuredBytes, recommended: now };
    day.measuredDropped += measuredBytes - measuredBefore;
    day.recommendedDropped.bytes += now.bytes - before.bytes;
    day.recommendedDropped.low += now.low - before.low;
    day.recommendedDropped.high += now.high - before.high;
  }
}
