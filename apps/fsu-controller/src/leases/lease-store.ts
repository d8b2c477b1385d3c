import type { OriginalStore } from '@levitate/resource-sdk';

/** Who holds the lease of a target, with which fencing token. */
export interface LeaseClaim {
  target: string;
  holder: string;
  token: number;
}

/** What is asked of a store. */
export interface LeaseWish {
  target: string;
  holder: string;
  ttlMs: number;
  /**
   * The least token that its resource would take: one more than the highest it has seen. Left out
   * for a resource that knows no tokens, where a store that may have forgotten leases has to wait
   * until none of them can be held any more.
   */
  tokenMin?: number | undefined;
}

/** What became of a wish. */
export type AcquireOutcome =
  /** With a token higher than any before. */
  | { kind: 'granted'; token: number }
  | { kind: 'held'; by: string; remainingMs: number }
  /** The store was emptied or restarted: it does not know who may still hold it. */
  | { kind: 'settling'; remainingMs: number }
  | { kind: 'away'; why: string };

/** What became of a renewal. */
export type RenewOutcome =
  | { kind: 'ours' }
  /** Another came after; `by` is empty where it is gone again. */
  | { kind: 'lost'; by: string }
  | { kind: 'away'; why: string };

/**
 * One lease per target across controllers, each grant with a higher fencing token than all before.
 * It only says who may begin: a resource that knows leases itself goes on serving whoever holds
 * its own, so that a store that is away changes no running control.
 */
export interface LeaseStore {
  /** Takes the lease; a holder may take its own anew, with a new token. */
  acquire(wish: LeaseWish): Promise<AcquireOutcome>;
  /** Prolongs a lease; a store that has forgotten it learns it again. */
  renew(claim: LeaseClaim & { ttlMs: number }): Promise<RenewOutcome>;
  /** Gives it back at once. Never rejects: what cannot be given back lapses. */
  release(claim: LeaseClaim): Promise<void>;
  /**
   * What stood before the first change, where a successor finds it. Read by anybody; written and
   * removed only under the newest claim.
   * @param claim the lease held now
   */
  originals(target: string, claim: () => LeaseClaim | undefined): OriginalStore;
  close(): Promise<void>;
}

/**
 * `store-away`: it did not answer, or cannot be written. `lease-lost`: another holds the lease.
 * `misconfigured`: it cannot be opened as configured.
 */
export type LeaseStoreErrorCode = 'store-away' | 'lease-lost' | 'misconfigured';

/** The one error type of the stores; `code` is a closed set. */
export class LeaseStoreError extends Error {
  readonly code: LeaseStoreErrorCode;

  constructor(code: LeaseStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LeaseStoreError';
    this.code = code;
  }
}

/** The claim under which an original is written. @throws {LeaseStoreError} `lease-lost` */
export function heldClaim(target: string, claim: LeaseClaim | undefined): LeaseClaim {
  if (claim !== undefined) return claim;
  throw originalRefused(target);
}

/** An original was to be written or removed without the newest lease. */
export function originalRefused(target: string): LeaseStoreError {
  const message = `the original of ${target} stays as noted: the lease is not held here any more`;
  return new LeaseStoreError('lease-lost', message);
}
