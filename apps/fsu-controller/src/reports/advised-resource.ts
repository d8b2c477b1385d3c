import {
  type GovernorSettings,
  RecommendedSize,
  type ResourceMeasurement,
} from '@levitate/control';
import { MeasuredTime } from './measured-time.ts';
import { addMoment, type RecommendedDay } from './recommended-day.ts';

/** A resource that is only advised: the size it would have had, tick by tick. */
export class AdvisedResource {
  readonly #dayOf: () => RecommendedDay | undefined;
  readonly #time: MeasuredTime;
  readonly #size: RecommendedSize;

  /** @param options.dayOf the running day; undefined: there is no room for another target's */
  constructor(options: {
    settings: GovernorSettings & { periodMs: number };
    dayOf: () => RecommendedDay | undefined;
  }) {
    this.#dayOf = options.dayOf;
    this.#time = new MeasuredTime(options.settings.periodMs);
    this.#size = new RecommendedSize(options.settings);
  }

  /** Called for each measurement in mode recommend. @param tick.nowMs monotonic */
  take(tick: { nowMs: number; measured: ResourceMeasurement }): void {
    const day = this.#dayOf();
    const sizes = day && this.#size.step(tick);
    if (day === undefined || sizes === undefined) return;
    const { size, need } = tick.measured;
    const seconds = this.#time.add(tick.nowMs);
    addMoment(day, { seconds, size, recommended: sizes.size, next: sizes.next });
    if (need > size) day.shortSeconds += seconds;
    if (need > sizes.size) day.recommendedShortSeconds += seconds;
  }
}
