import type { Clock } from '@levitate/clock';

/**
 * Ticks on a fixed grid of the monotonic clock: a late tick makes none after it late, so nothing
 * drifts. Ticks that were missed altogether are counted, not made up for.
 */
export class Cadence {
  readonly #clock: Clock;
  readonly #onTick: (tick: { missed: number }) => void;
  #periodMs: number;
  /** A tick of the present period; those after it are counted from here. */
  #originMs = 0;
  #index = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    clock: Clock;
    periodMs: number;
    onTick: (tick: { missed: number }) => void;
  }) {
    this.#clock = options.clock;
    this.#periodMs = options.periodMs;
    this.#onTick = options.onTick;
  }

  /** From tick to tick, ms. Another period goes on from the grid point of the last tick. */
  get periodMs(): number {
    return this.#periodMs;
  }

  set periodMs(periodMs: number) {
    if (periodMs === this.#periodMs) return;
    this.#originMs += this.#index * this.#periodMs;
    this.#index = 0;
    this.#periodMs = periodMs;
    if (this.#timer !== undefined) this.#schedule();
  }

  /** @param originMs the grid's zero, monotonic; the first tick is one period after it */
  start(originMs = this.#clock.monotonicMs()): void {
    this.#originMs = originMs;
    this.#index = 0;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const dueMs = this.#originMs + (this.#index + 1) * this.#periodMs;
    // Timers have whole milliseconds; rounding up keeps a tick from coming before its time.
    const waitMs = Math.max(0, Math.ceil(dueMs - this.#clock.monotonicMs()));
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #tick(): void {
    const elapsed = this.#clock.monotonicMs() - this.#originMs;
    const index = Math.max(this.#index + 1, Math.floor(elapsed / this.#periodMs));
    const missed = index - this.#index - 1;
    this.#index = index;
    this.#schedule();
    this.#onTick({ missed });
  }
}
