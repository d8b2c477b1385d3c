import type { Clock } from '@levitate/clock';
import type { OriginalStore } from '@levitate/resource-sdk';
import {
  acquireLease,
  blankRecord,
  isNewest,
  type LeaseRecord,
  released,
  renewLease,
} from './lease-record.ts';
import type {
  AcquireOutcome,
  LeaseClaim,
  LeaseStore,
  LeaseWish,
  RenewOutcome,
} from './lease-store.ts';

/** @see OwnLeases */
export interface OwnLeasesOptions {
  clock: Clock;
  /** Where this controller notes originals. */
  originals: OriginalStore;
}

/**
 * No store between controllers: this process grants itself what it wishes, with tokens beyond what
 * the resource has seen. A resource that knows leases keeps others out by itself; for one that does
 * not, that it has one controller is then up to whoever configures them.
 */
export class OwnLeases implements LeaseStore {
  readonly #clock: Clock;
  readonly #originals: OriginalStore;
  readonly #records = new Map<string, LeaseRecord>();

  constructor({ clock, originals }: OwnLeasesOptions) {
    this.#clock = clock;
    this.#originals = originals;
  }

  async acquire(wish: LeaseWish): Promise<AcquireOutcome> {
    return this.#ruled(wish.target, (known, nowMs) => acquireLease(known, { ...wish, nowMs }));
  }

  async renew(claim: LeaseClaim & { ttlMs: number }): Promise<RenewOutcome> {
    return this.#ruled(claim.target, (known, nowMs) => renewLease(known, { ...claim, nowMs }));
  }

  async release(claim: LeaseClaim): Promise<void> {
    const known = this.#known(claim.target);
    if (isNewest(known, claim)) this.#records.set(claim.target, released(known));
  }

  originals(): OriginalStore {
    return this.#originals;
  }

  async close(): Promise<void> {}

  #ruled<Outcome>(
    target: string,
    rule: (known: LeaseRecord, nowMs: number) => { outcome: Outcome; record?: LeaseRecord },
  ): Outcome {
    const { outcome, record } = rule(this.#known(target), this.#clock.monotonicMs());
    if (record !== undefined) this.#records.set(target, record);
    return outcome;
  }

  #known(target: string): LeaseRecord {
    return this.#records.get(target) ?? blankRecord;
  }
}
