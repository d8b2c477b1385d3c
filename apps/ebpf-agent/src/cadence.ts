import type { Clock } from '@levitate/clock';

/**
 * Ticks on a fixed grid of the monotonic clock: a late tick makes none after it late, so nothing
 * drifts. Ticks that were missed altogether are counted, not made up for.
 */
export class Cadence {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #onTick: (tick: { missed: number }) => void;
  #startMs = 0;
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

  start(): void {
    this.#startMs = this.#clock.monotonicMs();
    this.#index = 0;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const dueMs = this.#startMs + (this.#index + 1) * this.#periodMs;
    // Timers have whole milliseconds; rounding up keeps a tick from coming before its time.
    const waitMs = Math.max(0, Math.ceil(dueMs - this.#clock.monotonicMs()));
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #tick(): void {
    const elapsed = this.#clock.monotonicMs() - this.#startMs;
    const index = Math.max(this.#index + 1, Math.floor(elapsed / this.#periodMs));
    const missed = index - this.#index - 1;
    this.#index = index;
    this.#schedule();
    this.#onTick({ missed });
  }
}
