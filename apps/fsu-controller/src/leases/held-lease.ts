import type { Clock } from '@levitate/clock';

/** Counted as held for this share of its length only, so that it never ends here after there. */
const heldShare = 0.9;

/** @see HeldLease */
export interface HeldLeaseOptions {
  clock: Clock;
  ttlMs: number;
  /** Told once per loss, and once per new reason why it cannot be had. */
  onLost: (why: string) => void;
}

/**
 * What a holder believes of its lease. It counts by the monotonic clock from before it was asked
 * for, and for less than its length, so that clocks a tenth apart never make two holders.
 */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  #token: number | undefined;
  #untilMs = Number.NEGATIVE_INFINITY;
  #why = '';

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#token !== undefined && this.#options.clock.monotonicMs() < this.#untilMs;
  }

  /** Token of the lease held; `undefined` when there is none. */
  get token(): number | undefined {
    return this.isHeld ? this.#token : undefined;
  }

  /** Token that was granted last and neither lost nor given back, lapsed or not. */
  get grantedToken(): number | undefined {
    return this.#token;
  }

  /** Why it is not held; empty while it is. */
  get why(): string {
    if (this.isHeld) return '';
    return this.#token === undefined ? this.#why : 'it lapsed before a renewal was answered';
  }

  granted(token: number, askedMs: number): void {
    this.#token = token;
    this.#why = '';
    this.renewed(askedMs);
  }

  renewed(askedMs: number): void {
    this.#untilMs = askedMs + this.#options.ttlMs * heldShare;
  }

  lost(why: string): void {
    const isNews = this.#token !== undefined || this.#why !== why;
    this.#token = undefined;
    this.#why = why;
    if (isNews) this.#options.onLost(why);
  }

  /** It is to be given back. @returns the token to do so with */
  takeBack(): number | undefined {
    const token = this.#token;
    this.#token = undefined;
    return token;
  }
}
