import type { NotedOriginal, OriginalStore } from '@levitate/resource-sdk';
import {
  acquireLease,
  blankRecord,
  isNewest,
  type LeaseRecord,
  released,
  renewLease,
} from '../lease-record.ts';
import {
  type AcquireOutcome,
  heldClaim,
  type LeaseClaim,
  type LeaseStore,
  type LeaseWish,
  originalRefused,
  type RenewOutcome,
} from '../lease-store.ts';
import type { Timepiece, VirtualTime } from './virtual-time.ts';

/** What is between a controller and the store. */
export interface Wire {
  isCut: boolean;
  /** Each way, ms. */
  delayMs: () => number;
}

/** A store in virtual time that can forget everything, behind wires that delay and lose. */
export class RemoteLeases {
  readonly #time: VirtualTime;
  readonly #settleMs: number;
  #records = new Map<string, LeaseRecord>();
  #settlesAtMs = Number.NEGATIVE_INFINITY;
  readonly #originals = new Map<string, NotedOriginal>();
  /** Every token granted, in order. */
  tokens: number[] = [];

  constructor({ time, settleMs = 0 }: { time: VirtualTime; settleMs?: number }) {
    this.#time = time;
    this.#settleMs = settleMs;
  }

  /** As after a restart without what it had. */
  forget(): void {
    this.#records = new Map();
    this.tokens = [];
    this.#settlesAtMs = this.#time.clock.monotonicMs() + this.#settleMs;
  }

  /** As one controller reaches it. */
  over(wire: Wire, { timepiece, timeoutMs }: { timepiece: Timepiece; timeoutMs: number }) {
    const ask = async <Outcome>(rule: () => Outcome) => {
      const away = { kind: 'away' as const, why: 'no answer' };
      const answer = this.#travel(wire, rule);
      const late = timepiece.wait(timeoutMs).then(() => undefined);
      return (await Promise.race([answer, late])) ?? away;
    };
    return {
      acquire: (wish) => ask(() => this.#acquire(wish)),
      renew: (claim) => ask(() => this.#renew(claim)),
      release: async (claim) => {
        await ask(() => this.#release(claim));
      },
      originals: (target, claim) => this.#originalsOf(target, claim),
      close: async () => {},
    } satisfies LeaseStore;
  }

  async #travel<Outcome>(wire: Wire, rule: () => Outcome): Promise<Outcome | undefined> {
    if (wire.isCut) return await new Promise(() => {});
    await this.#time.wait(wire.delayMs());
    const outcome = rule();
    await this.#time.wait(wire.delayMs());
    return wire.isCut ? await new Promise(() => {}) : outcome;
  }

  #acquire(wish: LeaseWish): AcquireOutcome {
    const nowMs = this.#time.clock.monotonicMs();
    const { outcome, record } = acquireLease(this.#known(wish.target), { ...wish, nowMs });
    const remainingMs = this.#settlesAtMs - nowMs;
    if (record === undefined) return outcome;
    if (remainingMs > 0 && wish.tokenMin === undefined) return { kind: 'settling', remainingMs };
    this.tokens.push(record.token);
    this.#records.set(wish.target, record);
    return outcome;
  }

  #renew(claim: LeaseClaim & { ttlMs: number }): RenewOutcome {
    const nowMs = this.#time.clock.monotonicMs();
    const { outcome, record } = renewLease(this.#known(claim.target), { ...claim, nowMs });
    if (record !== undefined) this.#records.set(claim.target, record);
    return outcome;
  }

  #release(claim: LeaseClaim): void {
    const known = this.#known(claim.target);
    if (isNewest(known, claim)) this.#records.set(claim.target, released(known));
  }

  #originalsOf(target: string, claim: () => LeaseClaim | undefined): OriginalStore {
    const check = () => {
      const held = heldClaim(target, claim());
      if (!isNewest(this.#known(target), held)) throw originalRefused(target);
    };
    return {
      read: async (name) => this.#originals.get(name),
      write: async (name, original) => {
        check();
        this.#originals.set(name, original);
      },
      remove: async (name) => {
        check();
        this.#originals.delete(name);
      },
    };
  }

  #known(target: string): LeaseRecord {
    return this.#records.get(target) ?? blankRecord;
  }
}
