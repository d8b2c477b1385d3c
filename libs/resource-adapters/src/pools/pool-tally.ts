/** What a pool came to since it was asked last. */
export interface PoolTallyReading {
  /** Most tasks at once, at work and waiting, and the rejected ones that came to them. */
  need: number;
  rejected: number;
  /** Wait for a worker, 95th percentile of those that got one, seconds; 0 where none did. */
  delayS: number;
}

/** Waits beyond so many a period only replace the oldest. */
const waitsMax = 4_096;

/** Counts what happens in a pool between two readings, so that no peak is missed. */
export class PoolTally {
  #need = 0;
  #rejected = 0;
  #waitsMs: number[] = [];
  #started = 0;

  /** So many tasks are there now, at work and waiting. */
  sees(inside: number): void {
    this.#need = Math.max(this.#need, inside + this.#rejected);
  }

  /** One was sent away. @param inside those that stayed */
  rejects(inside: number): void {
    this.#rejected += 1;
    this.sees(inside);
  }

  /** One got what it waited for. */
  waited(waitMs: number): void {
    this.#waitsMs[this.#started % waitsMax] = waitMs;
    this.#started += 1;
  }

  /** @param inside tasks that are there now: the next period begins with them */
  take(inside: number): PoolTallyReading {
    this.sees(inside);
    const sorted = this.#waitsMs.toSorted((one, other) => one - other);
    const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
    const reading = { need: this.#need, rejected: this.#rejected, delayS: p95 / 1_000 };
    this.#need = inside;
    this.#rejected = 0;
    this.#waitsMs = [];
    this.#started = 0;
    return reading;
  }
}
