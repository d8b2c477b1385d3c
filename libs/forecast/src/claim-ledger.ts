import { strict as assert } from 'node:assert';

/** One claim that a burst starts at a certain time. */
export interface Claim {
  /** Time of the forecast that opened it, milliseconds. */
  openedMs: number;
  /** The onset it names, milliseconds; never moves. */
  claimedMs: number;
  /** What the forecast that opened it gave it, 0..1; undefined where it does not say. */
  probability?: number | undefined;
  /** The onset that took it, milliseconds; undefined: none did. */
  onsetMs?: number | undefined;
}

/** Bounds of a ledger. Every default suits one forecast a second with a horizon of 10 s. */
export interface ClaimLedgerOptions {
  /** How far an onset may lie from the claim that names it, milliseconds. Default 1000. */
  toleranceMs?: number;
  /**
   * How late an onset may be reported after it happened, milliseconds. A closed claim is kept that
   * much longer before it counts as a false alarm. Default 2000.
   */
  onsetDelayMs?: number;
  /** Most claims kept at once; the earliest opened is settled to make room. Default 64. */
  claimsMax?: number;
}

/**
 * The rule "event-level, by claims" of SPEC 3.1, and nothing else: forecasts open claims, onsets
 * take them, time settles them.
 *
 * A forecast that names `tau` belongs to an open claim with |tau - C| <= 1 s, else it opens a claim
 * with C = tau. C never moves, withdrawing does not erase it, it closes at C + 1 s. Each onset
 * takes the earliest-opened unused claim opened before it with |C - onset| <= 1 s.
 *
 * A claim keeps absorbing forecasts after an onset took it, until it closes. A forecast that names
 * a time more than 1 s in the past is a claim that is closed from its first moment.
 */
export class ClaimLedger {
  readonly toleranceMs: number;
  readonly #onsetDelayMs: number;
  readonly #claimsMax: number;
  /** In order of opening. */
  #claims: Claim[] = [];

  constructor(options: ClaimLedgerOptions = {}) {
    this.toleranceMs = options.toleranceMs ?? 1000;
    this.#onsetDelayMs = options.onsetDelayMs ?? 2000;
    this.#claimsMax = options.claimsMax ?? 64;
    assert(this.toleranceMs >= 0 && this.#onsetDelayMs >= 0 && this.#claimsMax >= 1);
  }

  /** Claims not settled yet, in order of opening. */
  get claims(): readonly Readonly<Claim>[] {
    return this.#claims;
  }

  /**
   * One forecast, made at `atMs`, that names an onset at `tauMs`.
   * @returns claims settled to stay within `claimsMax`, usually none
   */
  forecast(at: { atMs: number; tauMs: number; probability?: number | undefined }): Claim[] {
    const { atMs, tauMs, probability } = at;
    assert(Number.isFinite(atMs) && Number.isFinite(tauMs), 'times of a claim are finite');
    const belongs = this.#claims.some(
      (claim) =>
        atMs <= claim.claimedMs + this.toleranceMs + ROUNDING_MS &&
        this.#isWithinTolerance({ claimedMs: claim.claimedMs, timeMs: tauMs }),
    );
    if (belongs) return [];
    this.#claims.push({ openedMs: atMs, claimedMs: tauMs, probability });
    return this.#claims.splice(0, Math.max(0, this.#claims.length - this.#claimsMax));
  }

  /**
   * A burst started at `atMs`. Onsets come in time order.
   * @returns the claim it took, undefined when nobody announced it
   */
  onset({ atMs }: { atMs: number }): Claim | undefined {
    assert(Number.isFinite(atMs), 'the time of an onset is finite');
    const taken = this.#claims.find(
      (claim) =>
        claim.onsetMs === undefined &&
        claim.openedMs < atMs &&
        this.#isWithinTolerance({ claimedMs: claim.claimedMs, timeMs: atMs }),
    );
    if (taken !== undefined) taken.onsetMs = atMs;
    return taken;
  }

  /**
   * Settle every claim that no onset can take any more at `nowMs`; `Infinity` settles all.
   * @returns them; one without `onsetMs` is a false alarm
   */
  settle(nowMs: number): Claim[] {
    const isSettled = (claim: Claim) =>
      claim.claimedMs + this.toleranceMs + this.#onsetDelayMs + ROUNDING_MS < nowMs;
    const settled = this.#claims.filter(isSettled);
    if (settled.length > 0) this.#claims = this.#claims.filter((claim) => !isSettled(claim));
    return settled;
  }

  /** Forget every claim: nobody could see whether it came true (gap, clock step). */
  abandon(): Claim[] {
    return this.#claims.splice(0);
  }

  #isWithinTolerance({ claimedMs, timeMs }: { claimedMs: number; timeMs: number }): boolean {
    return Math.abs(claimedMs - timeMs) <= this.toleranceMs + ROUNDING_MS;
  }
}

/** Times since 1970 in milliseconds round to 2^-12 ms; "at most 1 s" must survive that. */
const ROUNDING_MS = 0.001;
