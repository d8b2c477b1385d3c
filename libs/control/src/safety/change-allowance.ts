const minuteMs = 60_000;

/** Settings of a {@link ChangeAllowance}. */
export interface ChangeAllowanceOptions {
  /** Tokens: changes per minute. Default 10 (SPEC 4.4). */
  perMinute?: number;
}

/**
 * Token bucket of changes (SPEC 4.4) in which every token comes back exactly one minute after it
 * was spent. The textbook's evenly filled bucket allows twice its rate in the minute after a rest;
 * this one never more than `perMinute` in any minute, but for what urgent changes borrow: at
 * most as much again.
 */
export class ChangeAllowance {
  readonly perMinute: number;
  #spentMs: number[] = [];

  constructor(options: ChangeAllowanceOptions = {}) {
    this.perMinute = options.perMinute ?? 10;
  }

  /** Whether a change may be made now. @param urgent may borrow a minute's allowance */
  permits(at: { nowMs: number; urgent: boolean }): boolean {
    this.#return(at.nowMs);
    return this.#spentMs.length < (at.urgent ? 2 * this.perMinute : this.perMinute);
  }

  spend(nowMs: number): void {
    this.#spentMs.push(nowMs);
  }

  /** Tokens left without borrowing; negative: borrowed. */
  remaining(nowMs: number): number {
    this.#return(nowMs);
    return this.perMinute - this.#spentMs.length;
  }

  #return(nowMs: number): void {
    this.#spentMs = this.#spentMs.filter((spentMs) => spentMs > nowMs - minuteMs);
  }
}
