/** Settings of a {@link CircuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Consecutive failures that are borne; one more opens. Default 3 (SPEC 4.4). */
  failuresMax?: number;
  /** Time after which an open breaker closes by itself, ms; default 600,000. `Infinity`: never. */
  coolOffMs?: number;
}

/** Closed: the target is controlled; open: it is not, and its original is in force. */
export type BreakerState = 'closed' | 'open';

/** What the caller must do now: nothing, or restore the original setting and raise an alert. */
export type BreakerOutcome = 'borne' | 'opened';

/**
 * Stops control of one target after more than three consecutive failures (SPEC 4.4). It closes when
 * an operator resets it or after a cool-off of ten minutes, and not before: a success while open
 * (the restore itself, for one) proves nothing about control.
 */
export class CircuitBreaker {
  readonly failuresMax: number;
  readonly #coolOffMs: number;
  #failures = 0;
  #openedMs: number | undefined;

  constructor(options: CircuitBreakerOptions = {}) {
    this.failuresMax = options.failuresMax ?? 3;
    this.#coolOffMs = options.coolOffMs ?? 600_000;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  state(nowMs: number): BreakerState {
    if (this.#openedMs !== undefined && nowMs - this.#openedMs >= this.#coolOffMs) this.reset();
    return this.#openedMs === undefined ? 'closed' : 'open';
  }

  recordFailure(nowMs: number): BreakerOutcome {
    if (this.state(nowMs) === 'open') return 'borne';
    this.#failures += 1;
    if (this.#failures <= this.failuresMax) return 'borne';
    this.#openedMs = nowMs;
    return 'opened';
  }

  recordSuccess(nowMs: number): void {
    if (this.state(nowMs) === 'closed') this.#failures = 0;
  }

  /** An operator has looked at it. */
  reset(): void {
    this.#openedMs = undefined;
    this.#failures = 0;
  }
}
