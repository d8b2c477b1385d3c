import type { Sample } from '@levitate/series';
import { MeasuredIntervals } from './measured-intervals.ts';
import {
  type Estimate,
  type LaneInterval,
  type MeasuredInterval,
  ShadowLane,
} from './shadow-lane.ts';
import { TargetController, type TargetSettings } from './target-controller.ts';

/** @see ShadowQueue */
export interface ShadowQueueOptions {
  /** Those of the target; its forecasts and its tuning are left out. */
  settings: TargetSettings;
  /** The limit without any control: the original, or the static default. */
  staticBytes: number;
}

/** One lane since the start. */
export interface ShadowLaneReading {
  /** Limit in force. */
  limitBytes: number;
  droppedBytes: Readonly<Estimate>;
}

/** What was measured, what would have been, and the difference. Bytes since the start. */
export interface ShadowReading {
  /** Intervals that were measured whole, and those that were not: nothing is said of them. */
  intervals: number;
  unmeasured: number;
  arrivedBytes: number;
  droppedBytes: number;
  /** The reactive law in the same envelope. */
  reactive: ShadowLaneReading;
  /** No control at all. */
  fixed: ShadowLaneReading;
  /** Drops that the lanes would have had and that were not; below 0: control cost drops. */
  prevented: { overReactive: Estimate; overStatic: Estimate };
}

/**
 * Beside the one real queue, those that were not there: the reactive law within the same envelope,
 * and no control at all, on the arrivals that were measured (SPEC 4.1). "Drops prevented" is the
 * difference to what was really dropped: an estimate, with bounds that hold where measurements are
 * exact, for the reactive lane given the limits its law chose on the estimate. Senders that would
 * have reacted to a drop by sending less are not in it: what arrived is taken as given.
 */
export class ShadowQueue {
  readonly #law: TargetController;
  readonly #delayIntervals: number;
  readonly #intervals: MeasuredIntervals;
  readonly #staticBytes: number;
  readonly #reactive = new ShadowLane();
  readonly #fixed = new ShadowLane();
  /** Limits of the reactive lane, the one in force first, the one asked for last. */
  readonly #limits: number[];
  #totals = { intervals: 0, unmeasured: 0, arrivedBytes: 0, droppedBytes: 0 };

  constructor({ settings, staticBytes }: ShadowQueueOptions) {
    const model = settings.model === 'auto' ? 'optomechanical' : settings.model;
    const own = { ...settings, model, predictive: false, autoTune: false };
    this.#law = new TargetController(own);
    // A change acts on the interval after the one in which it was asked for.
    this.#delayIntervals = Math.max(1, Math.ceil(settings.actuationDelayMs / settings.periodMs));
    this.#intervals = new MeasuredIntervals(settings);
    this.#staticBytes = staticBytes;
    this.#limits = [staticBytes];
  }

  /** Once for each new sample, in order. @param nowMs monotonic */
  step({ nowMs, sample }: { nowMs: number; sample: Sample }): void {
    const measured = this.#intervals.next(sample);
    if (measured === undefined) {
      this.#totals.unmeasured += 1;
      this.#reactive.resync();
      this.#fixed.resync();
      return;
    }
    this.#totals.intervals += 1;
    this.#totals.arrivedBytes += measured.arrivedBytes;
    this.#totals.droppedBytes += measured.droppedBytes;
    const { slackBytes } = this.#intervals;
    this.#fixed.step(measured, this.#staticBytes - slackBytes);
    const limit = this.#limits[0] as number;
    const shown = this.#reactive.step(measured, limit - slackBytes);
    this.#decide({ nowMs, sample, measured, shown });
  }

  get reading(): ShadowReading {
    const measured = this.#totals.droppedBytes;
    const reactive = this.#reactive.droppedBytes;
    const fixed = this.#fixed.droppedBytes;
    return {
      ...this.#totals,
      reactive: { limitBytes: this.#limits[0] as number, droppedBytes: { ...reactive } },
      fixed: { limitBytes: this.#staticBytes, droppedBytes: { ...fixed } },
      prevented: { overReactive: less(reactive, measured), overStatic: less(fixed, measured) },
    };
  }

  /** The law sees its own queue, and what it asks for acts when its delay is over. */
  #decide(at: {
    nowMs: number;
    sample: Sample;
    measured: MeasuredInterval;
    shown: LaneInterval;
  }): void {
    const { nowMs, sample, measured, shown } = at;
    const size = this.#limits[0] as number;
    const requested = this.#limits.at(-1) as number;
    const own: Sample = {
      ...sample,
      queueBytes: shown.endBytes,
      queueHighWaterBytes: shown.highWaterBytes,
      droppedBytes: shown.droppedBytes,
      limitBytes: size,
      latencyP95Seconds: shown.highWaterBytes / measured.drainBytesPerSecond,
    };
    const { allowed } = this.#law.step({
      nowMs,
      sample: own,
      forecast: undefined,
      size,
      requested,
    });
    this.#limits.push(allowed);
    while (this.#limits.length > this.#delayIntervals) this.#limits.shift();
  }
}

function less({ bytes, low, high }: Estimate, measured: number): Estimate {
  return { bytes: bytes - measured, low: low - measured, high: high - measured };
}
