/**
 * Time as a value. Cores never read a clock: the shell hands them `now`, so the same core runs on
 * the wall clock, in virtual time and in a bench.
 */
export interface Clock {
  /** Wall clock, milliseconds since 1970, fractional. It may step. */
  unixMs(): number;
  /** Milliseconds from an arbitrary start, fractional. It never steps back. */
  monotonicMs(): number;
}

/** A clock that moves only when told to; both readings move together unless stepped. */
export class VirtualClock implements Clock {
  #unixMs: number;
  #monotonicMs = 0;

  constructor(startUnixMs = 1_700_000_000_000) {
    this.#unixMs = startUnixMs;
  }

  unixMs(): number {
    return this.#unixMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** Let time pass. @param ms at least 0 */
  advance(ms: number): void {
    this.#unixMs += ms;
    this.#monotonicMs += ms;
  }

  /** Step the wall clock alone, as an operator or NTP would. @param ms may be negative */
  step(ms: number): void {
    this.#unixMs += ms;
  }
}
