import { PeriodWatch } from '@levitate/forecast';

/** Settings of {@link PhaseProfile}. */
export interface PhaseProfileOptions {
  /** Longest period looked for, s; default 60. Three of them are remembered. */
  periodMaxS?: number;
}

/** Periods that a phase is looked up in, newest first. */
const periodsRead = 3;
/** Seconds either side of a phase that count as it: periods jitter. */
const toleranceS = 1;
/** After a longer gap nothing is filled in, s. */
const gapMaxS = 360;
/** Outcomes of late that belief rests on, and the share of them that must be good. */
const outcomesKept = 6;
const goodShareMin = 0.5;
/** A second stands out when it needs so much more than the middle one of a period. */
const peakRatio = 1.5;
/** A peak was told when at least this share of it was expected. */
const toldShare = 0.8;

/**
 * What a periodic resource needs at each phase of its period. Seconds are remembered by their peak
 * need; the period is looked for every 15 s by autocorrelation. It is believed while at least half
 * of the newest peaks were expected by it.
 */
export class PhaseProfile {
  readonly #watch: PeriodWatch;
  readonly #outcomes: boolean[] = [];
  #second = Number.NaN;
  #peak = 0;

  constructor(options: PhaseProfileOptions = {}) {
    const lagMax = options.periodMaxS ?? 60;
    this.#watch = new PeriodWatch({ historyMax: periodsRead * lagMax + 15, lagMax });
  }

  /** Seconds; undefined while none is found, or while the one found tells too little. */
  get periodS(): number | undefined {
    const good = this.#outcomes.filter(Boolean).length;
    const isBelieved = good >= goodShareMin * Math.max(2, this.#outcomes.length);
    return isBelieved ? this.#watch.period : undefined;
  }

  /** @param need of the interval that ends at `nowMs`; finite, 0 and up */
  learn(nowMs: number, need: number): void {
    const second = Math.floor(nowMs / 1_000);
    if (Number.isNaN(this.#second)) this.#second = second;
    if (second - this.#second > gapMaxS || second < this.#second) {
      this.#second = second;
      this.#peak = 0;
    }
    while (this.#second < second) {
      this.#close();
      this.#second += 1;
      this.#peak = 0;
    }
    this.#peak = Math.max(this.#peak, need);
  }

  /**
   * The largest need that the phases from now to `aheadS` had in the last periods.
   * @returns undefined without a believed period
   */
  expected(aheadS: number): number | undefined {
    const { periodS } = this;
    return periodS === undefined ? undefined : this.#told(periodS, aheadS);
  }

  #close(): void {
    const { period } = this.#watch;
    if (period !== undefined && this.#stands(period)) {
      // What was expected of this second before it came.
      this.#outcomes.push(this.#told(period, 0) >= toldShare * this.#peak);
      if (this.#outcomes.length > outcomesKept) this.#outcomes.shift();
    }
    this.#watch.learn(this.#peak);
    if (this.#watch.period === undefined) this.#outcomes.length = 0;
  }

  /** Whether the second that ends stands out of the last period. */
  #stands(period: number): boolean {
    const last = this.#watch.history.slice(-period).map((value) => value ?? 0);
    const middle = last.toSorted((a, b) => a - b)[last.length >> 1] ?? 0;
    return this.#peak > peakRatio * middle;
  }

  /** Seconds of the history are counted from the present one, which is not in it yet. */
  #told(period: number, aheadS: number): number {
    const { history } = this.#watch;
    let most = 0;
    for (let back = 1; back <= periodsRead; back++) {
      const first = history.length - back * period - toleranceS;
      const last = history.length - back * period + Math.ceil(aheadS) + toleranceS;
      for (let at = Math.max(0, first); at <= Math.min(history.length - 1, last); at++) {
        most = Math.max(most, history[at] ?? 0);
      }
    }
    return most;
  }
}
