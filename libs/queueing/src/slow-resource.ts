import { strict as assert } from 'node:assert';

/** How a resource answers to requests. */
export interface SlowResourceOptions {
  /** Capacity at the start, usable at once. Units of demand per second (requests/s). */
  capacity: number;
  /** From the request for more until it can be used, milliseconds. */
  actuationDelayMs: number;
  /** From the request for less until it no longer counts as reserved, milliseconds; default 0. */
  releaseDelayMs?: number;
}

/** What one step did. */
export interface SlowResourceStep {
  served: number;
  rejected: number;
  /** Capacity that could be used in this step. */
  usable: number;
  /** Capacity that counted as reserved in this step. */
  reserved: number;
}

/** Sums over all steps so far. */
export interface SlowResourceTotals {
  served: number;
  rejected: number;
  /** Reserved capacity x time, units of capacity x seconds. */
  reservedSeconds: number;
  /** Requests that changed the wanted capacity. */
  changes: number;
  elapsedMs: number;
}

/**
 * A pool whose new capacity takes time to become usable (threads, connections, replicas): track T4.
 * It is reserved from the request on and released at once, or after a delay. Nothing queues: what
 * arrives in a step beyond capacity x step is rejected. State in, state out; `nowMs` never falls.
 */
export class SlowResource {
  readonly #actuationDelayMs: number;
  readonly #releaseDelayMs: number;
  #usable: number;
  #wanted: number;
  /** Capacity on its way, oldest first. */
  #pending: { amount: number; readyMs: number }[] = [];
  /** Capacity given back that still counts, oldest first. */
  #leaving: { amount: number; goneMs: number }[] = [];
  readonly #totals: SlowResourceTotals = {
    served: 0,
    rejected: 0,
    reservedSeconds: 0,
    changes: 0,
    elapsedMs: 0,
  };

  constructor(options: SlowResourceOptions) {
    assert(options.capacity >= 0 && options.actuationDelayMs >= 0, 'capacity and delay are >= 0');
    this.#usable = options.capacity;
    this.#wanted = options.capacity;
    this.#actuationDelayMs = options.actuationDelayMs;
    this.#releaseDelayMs = options.releaseDelayMs ?? 0;
  }

  /** Capacity last asked for. */
  get wanted(): number {
    return this.#wanted;
  }

  get totals(): Readonly<SlowResourceTotals> {
    return this.#totals;
  }

  /** Ask for a capacity. Less takes effect at once, and first from what is still on its way. */
  request({ capacity, nowMs }: { capacity: number; nowMs: number }): void {
    assert(capacity >= 0 && Number.isFinite(capacity), `capacity must be >= 0, got ${capacity}`);
    this.#settle(nowMs);
    const change = capacity - this.#wanted;
    if (change === 0) return;
    this.#totals.changes++;
    this.#wanted = capacity;
    if (change > 0) {
      this.#pending.push({ amount: change, readyMs: nowMs + this.#actuationDelayMs });
      this.#settle(nowMs);
    } else this.#release(-change, nowMs);
  }

  /** Let `arrivals` come in the step of `stepMs` that starts at `nowMs`. */
  step(arrivals: number, { nowMs, stepMs }: { nowMs: number; stepMs: number }): SlowResourceStep {
    this.#settle(nowMs);
    const usable = this.#usable;
    const reserved = usable + sumOf(this.#pending) + sumOf(this.#leaving);
    const served = Math.min(arrivals, (usable * stepMs) / 1000);
    const rejected = arrivals - served;
    this.#totals.served += served;
    this.#totals.rejected += rejected;
    this.#totals.reservedSeconds += (reserved * stepMs) / 1000;
    this.#totals.elapsedMs += stepMs;
    return { served, rejected, usable, reserved };
  }

  #release(amount: number, nowMs: number): void {
    let rest = amount;
    while (rest > 0) {
      const newest = this.#pending.at(-1);
      if (newest === undefined) break;
      const cancelled = Math.min(rest, newest.amount);
      rest -= cancelled;
      newest.amount -= cancelled;
      if (newest.amount === 0) this.#pending.pop();
    }
    this.#usable = Math.max(0, this.#usable - rest);
    if (this.#releaseDelayMs > 0) {
      this.#leaving.push({ amount, goneMs: nowMs + this.#releaseDelayMs });
    }
  }

  #settle(nowMs: number): void {
    while (this.#pending[0] !== undefined && this.#pending[0].readyMs <= nowMs) {
      this.#usable += this.#pending.shift()?.amount ?? 0;
    }
    while (this.#leaving[0] !== undefined && this.#leaving[0].goneMs <= nowMs) {
      this.#leaving.shift();
    }
    // Sums of parts leave rounding errors; with nothing on its way the two are the same.
    if (this.#pending.length === 0) this.#usable = this.#wanted;
  }
}

function sumOf(parts: readonly { amount: number }[]): number {
  let sum = 0;
  for (const part of parts) sum += part.amount;
  return sum;
}
