import type { Clock } from '@levitate/clock';

/** @see PeriodTimer */
export interface PeriodTimerOptions {
  periodMs: number;
  clock: Clock;
  /** @param late how late it fired against the grid, ms; `missed`: grid points passed over */
  onPeriod: (at: { lateMs: number; missed: number }) => void;
}

/**
 * Fires on a fixed grid: start + n x period. Every wait is computed from the grid and not from the
 * firing before it, so lateness never adds up; grid points that have passed are not made up for.
 */
export class PeriodTimer {
  readonly #options: PeriodTimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;

  constructor(options: PeriodTimerOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, periodMs } = this.#options;
    this.#dueMs = clock.monotonicMs() + periodMs;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    const waitMs = Math.max(0, this.#dueMs - this.#options.clock.monotonicMs());
    this.#timer = setTimeout(() => this.#fire(), waitMs);
  }

  #fire(): void {
    const { clock, periodMs, onPeriod } = this.#options;
    const lateMs = clock.monotonicMs() - this.#dueMs;
    // setTimeout may be up to a millisecond early: that point has not come yet.
    if (lateMs < 0) {
      this.#arm();
      return;
    }
    const missed = Math.floor(lateMs / periodMs);
    this.#dueMs += (missed + 1) * periodMs;
    this.#arm();
    onPeriod({ lateMs, missed });
  }
}
