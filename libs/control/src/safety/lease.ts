/** Shortest lease, milliseconds. */
export const leaseTtlMsMin = 500;
/** Longest lease, milliseconds. */
export const leaseTtlMsMax = 60_000;

/** Who asks, with which fencing token. */
export interface LeaseClaim {
  holder: string;
  token: number;
}

/** Why a claim was not accepted; closed set. */
export type LeaseRefusal = 'stale-token' | 'token-of-another-holder' | 'not-held' | 'bad-claim';

/** A claim that was not accepted. */
export interface LeaseRefused {
  kind: 'refused';
  reason: LeaseRefusal;
  highestToken: number;
}

/** What became of a claim. */
export type LeaseOutcome = { kind: 'granted'; untilMs: number; tookOver: boolean } | LeaseRefused;

/** What would become of a claim. */
export type LeaseProposal = { kind: 'proposed'; record: LeaseRecord } | LeaseRefused;

/** What survives a restart: without the token an old holder could come back. */
export interface LeaseRecord {
  highestToken: number;
  /** Whoever brought the highest token. */
  holder: string | undefined;
}

/**
 * The right to control one target, granted by the agent that owns the target (SPEC 4.4). It accepts
 * only the highest fencing token it has seen, and lets whoever brought it renew directly, so that
 * losing consensus changes no running control. A claim with a higher token takes over at once: that
 * is what fencing means. Equal tokens are one holder's; a second holder with the same is refused.
 *
 * Whoever drives this restores the original when `expire` says the lease has lapsed.
 */
export class Lease {
  #highestToken: number;
  #holder: string | undefined;
  #untilMs: number | undefined;

  constructor(record: LeaseRecord = { highestToken: 0, holder: undefined }) {
    this.#highestToken = record.highestToken;
    this.#holder = record.holder;
  }

  /** To be durable before a grant is answered. */
  get record(): LeaseRecord {
    return { highestToken: this.#highestToken, holder: this.#holder };
  }

  get highestToken(): number {
    return this.#highestToken;
  }

  /** Holder of a lease that has not lapsed. */
  holder(nowMs: number): string | undefined {
    return this.#isLive(nowMs) ? this.#holder : undefined;
  }

  /** Milliseconds left; 0 when it is not held. */
  remainingMs(nowMs: number): number {
    return this.#isLive(nowMs) ? (this.#untilMs ?? nowMs) - nowMs : 0;
  }

  /**
   * What `acquire` would leave to be remembered, for a driver that makes it durable first: where
   * that fails nobody was granted anything, and whoever holds the lease holds it still.
   */
  propose(claim: LeaseClaim): LeaseProposal {
    const refusal = this.#refusal(claim);
    if (refusal !== undefined) return this.#refuse(refusal);
    return { kind: 'proposed', record: { highestToken: claim.token, holder: claim.holder } };
  }

  /** Take the lease, or take it again; a lapsed one may be taken with the token that had it. */
  acquire(claim: LeaseClaim & { ttlMs: number; nowMs: number }): LeaseOutcome {
    const refusal = this.#refusal(claim);
    if (refusal !== undefined) return this.#refuse(refusal);
    const tookOver = this.#isLive(claim.nowMs) && this.#holder !== claim.holder;
    this.#highestToken = claim.token;
    this.#holder = claim.holder;
    return this.#extend({ ...claim, tookOver });
  }

  /** Prolong a lease that has not lapsed. */
  renew(claim: LeaseClaim & { ttlMs: number; nowMs: number }): LeaseOutcome {
    if (!this.permits(claim)) return this.#refuse(this.#refusal(claim) ?? 'not-held');
    return this.#extend({ ...claim, tookOver: false });
  }

  /** Whether this claim may change the target now. */
  permits(claim: LeaseClaim & { nowMs: number }): boolean {
    const { holder, token, nowMs } = claim;
    return this.#isLive(nowMs) && holder === this.#holder && token === this.#highestToken;
  }

  /** Give it up. @returns whether it was held by this claim: the moment to restore */
  release(claim: LeaseClaim & { nowMs: number }): boolean {
    if (!this.permits(claim)) return false;
    this.#untilMs = undefined;
    return true;
  }

  /** @returns true once, when the lease has lapsed since the last look: the moment to restore */
  expire(nowMs: number): boolean {
    if (this.#untilMs === undefined || this.#isLive(nowMs)) return false;
    this.#untilMs = undefined;
    return true;
  }

  #refusal(claim: LeaseClaim): LeaseRefusal | undefined {
    const { holder, token } = claim;
    if (holder === '' || !Number.isSafeInteger(token) || token < 1) return 'bad-claim';
    if (token < this.#highestToken) return 'stale-token';
    if (token === this.#highestToken && holder !== this.#holder) return 'token-of-another-holder';
    return undefined;
  }

  #refuse(reason: LeaseRefusal): LeaseRefused {
    return { kind: 'refused', reason, highestToken: this.#highestToken };
  }

  #extend(claim: { ttlMs: number; nowMs: number; tookOver: boolean }): LeaseOutcome {
    const ttlMs = Math.max(leaseTtlMsMin, Math.min(leaseTtlMsMax, claim.ttlMs));
    this.#untilMs = claim.nowMs + ttlMs;
    return { kind: 'granted', untilMs: this.#untilMs, tookOver: claim.tookOver };
  }

  #isLive(nowMs: number): boolean {
    return this.#untilMs !== undefined && nowMs < this.#untilMs;
  }
}
