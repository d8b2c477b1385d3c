import { isDeepStrictEqual } from 'node:util';
import {
  Lease,
  type LeaseClaim,
  type LeaseRefusal,
  type ResourceMeasurement,
} from '@levitate/control';
import { withinDeadline } from '../deadline.ts';
import type { ManagedResource } from '../managed-resource.ts';
import type { KeptLease, LeaseRecords } from './lease-records.ts';
import { ResourceRefusal, wordsOf } from './resource-refusal.ts';
import {
  type RestoreReason,
  ServedOriginal,
  type ServedOriginalOptions,
} from './served-original.ts';
import { UnreadPeaks } from './unread-peaks.ts';

/** A restore that failed is tried again this often, until the resource is as it was. */
const retryMs = 1_000;

/** Noting that takes longer leaves time for somebody to set the size by hand, ms. */
const lookAgainMs = 50;

/** @see ServedResource */
export interface ServedResourceOptions extends ServedOriginalOptions {
  leases: LeaseRecords;
}

/** How a served resource stands. */
export interface ServedStatus {
  /** As last measured. */
  size: number | undefined;
  originalSize: number | undefined;
  /** Empty: nobody. */
  leaseHolder: string;
  fencingToken: number;
  remainingMs: number;
  /** Why the original is not back yet; empty: nothing is owed. */
  owedReason: string;
}

/**
 * One resource and who may change it. The lease says who; the original is durable before the first
 * change, and is put back, with a look whether it holds, when the lease is given up or lapses, when
 * somebody asks, at the end, and at the start after a crash unless the holder of then renews in
 * time. What cannot be put back is tried until it can. Changes are made one after the other.
 */
export class ServedResource {
  readonly #options: ServedResourceOptions;
  readonly #lease: Lease;
  readonly #original: ServedOriginal;
  readonly #peaks = new UnreadPeaks();
  #keptLease: KeptLease | undefined;
  #owed: { reason: RestoreReason; words: string; fromMs: number } | undefined;
  #measuring: Promise<ResourceMeasurement> | undefined;
  #last: ResourceMeasurement | undefined;
  /** Size that was put in force last. */
  #applied: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  /** Reads what an earlier run left. @throws StateDirectoryError, ResourceRefusal */
  static async open(options: ServedResourceOptions): Promise<ServedResource> {
    const { leases, clock, resource } = options;
    const kept = await leases.read(resource.name);
    const lease = new Lease(kept);
    const { holder, highestToken: token, ttlMs } = kept ?? { highestToken: 0, ttlMs: 0 };
    const isRevived = holder !== undefined && ttlMs > 0;
    // Whoever held it has one length of it to come back, and goes on as if nothing had been.
    if (isRevived) lease.acquire({ holder, token, ttlMs, nowMs: clock.monotonicMs() });
    const served = new ServedResource(options, lease, kept);
    const original = await served.#original.recall();
    if (original !== undefined && !isRevived) served.#owe('restart');
    return served;
  }

  private constructor(options: ServedResourceOptions, lease: Lease, kept: KeptLease | undefined) {
    this.#options = options;
    this.#lease = lease;
    this.#keptLease = kept;
    this.#original = new ServedOriginal(options);
  }

  get resource(): ManagedResource {
    return this.#options.resource;
  }

  get status(): ServedStatus {
    const nowMs = this.#now();
    return {
      size: this.#last?.size,
      originalSize: this.#original.value?.size,
      leaseHolder: this.#lease.holder(nowMs) ?? '',
      fencingToken: this.#lease.highestToken,
      remainingMs: this.#lease.remainingMs(nowMs),
      owedReason: this.#owed?.words ?? '',
    };
  }

  /** How it has done since this reader asked last. @throws ResourceRefusal `RESOURCE_FAILED` */
  async measure(reader: string): Promise<ResourceMeasurement> {
    this.#peaks.follow(reader);
    this.#measuring ??= this.#look().finally(() => {
      this.#measuring = undefined;
    });
    return this.#peaks.take(reader, await this.#measuring);
  }

  /** Take the lease. @throws ResourceRefusal */
  acquire(claim: LeaseClaim & { ttlMs: number }): Promise<{ remainingMs: number }> {
    return this.#inTurn(async () => {
      const proposal = this.#lease.propose(claim);
      if (proposal.kind === 'refused') throw this.#refusal(claim, proposal);
      // Durable first: where that fails, whoever holds the lease holds it still.
      await this.#keepLease({ ...proposal.record, ttlMs: claim.ttlMs });
      this.#lease.acquire({ ...claim, nowMs: this.#now() });
      // What the one before did not get back is the business of this one.
      this.#owed = undefined;
      return { remainingMs: this.#lease.remainingMs(this.#now()) };
    });
  }

  /** Prolong a lease that has not lapsed. @throws ResourceRefusal */
  renew(claim: LeaseClaim & { ttlMs: number }): { remainingMs: number } {
    const nowMs = this.#now();
    const outcome = this.#lease.renew({ ...claim, nowMs });
    if (outcome.kind === 'refused') throw this.#refusal(claim, outcome);
    return { remainingMs: this.#lease.remainingMs(nowMs) };
  }

  /** Give the lease up; the original is put back, if not now then later. @throws ResourceRefusal */
  release(claim: LeaseClaim): Promise<void> {
    return this.#inTurn(async () => {
      this.#permit(claim);
      this.#lease.release({ ...claim, nowMs: this.#now() });
      await this.#restore('released');
    });
  }

  /**
   * Take another size.
   * @returns the size before the first change
   * @throws ResourceRefusal
   */
  apply(claim: LeaseClaim & { size: number }): Promise<number> {
    return this.#inTurn(async () => {
      this.#permit(claim);
      this.#checkBounds(claim.size);
      const { value: original } = this.#original;
      if (original === undefined) await this.#note();
      // What an earlier run of the server left may not have reached the disk.
      else await this.#original.note(original.size);
      // Noting took time: the lease may have lapsed meanwhile, or passed to another.
      this.#permit(claim);
      await this.#original.change(claim.size);
      this.#applied = claim.size;
      return this.#original.value?.size ?? claim.size;
    });
  }

  /**
   * Put the original back, for its holder or, without a claim, for an operator.
   * @returns what was noted, and what is in force, undefined where it is owed; undefined: nothing
   *   was changed
   * @throws ResourceRefusal
   */
  restore(
    claim?: LeaseClaim,
  ): Promise<{ originalSize: number; size: number | undefined } | undefined> {
    return this.#inTurn(async () => {
      if (claim !== undefined) this.#permit(claim);
      const originalSize = this.#original.value?.size;
      const size = await this.#restore('asked');
      return originalSize === undefined ? undefined : { originalSize, size };
    });
  }

  /** To be called often: notices a lapsed lease, and tries a failed restore again. */
  async tick(): Promise<void> {
    const nowMs = this.#now();
    if (this.#lease.expire(nowMs)) this.#owe('lapsed');
    if (this.#owed === undefined || nowMs < this.#owed.fromMs || this.#isStopped) return;
    this.#owed.fromMs = nowMs + retryMs;
    await this.#inTurn(async () => {
      // A successor may have come meanwhile.
      const isHeld = this.#lease.holder(this.#now()) !== undefined;
      if (this.#owed !== undefined && !isHeld) await this.#restore(this.#owed.reason);
    });
  }

  /** Put the original back and refuse everything from now on. */
  stop(): Promise<void> {
    const stopped = this.#inTurn(async () => {
      await this.#restore('stop');
    });
    this.#isStopped = true;
    return stopped;
  }

  async #look(): Promise<ResourceMeasurement> {
    const { resource, deadlineMs, wait } = this.#options;
    const measured = await withinDeadline({ deadlineMs, wait }, (signal) =>
      resource.measure(signal),
    ).catch((cause) => {
      throw ResourceRefusal.ofResource(resource.name, 'measured', cause);
    });
    const before = this.#last?.instance;
    const { instance, size } = measured;
    const isRestarted = before !== undefined && instance !== undefined && instance !== before;
    // Unless it came up with what it was given: then it has kept that, and the original counts.
    if (isRestarted && size !== this.#applied) this.#original.restarted();
    this.#last = measured;
    this.#peaks.add(measured);
    return measured;
  }

  /** What stands there before the first change, durably. @throws ResourceRefusal */
  async #note(): Promise<void> {
    const lookedMs = this.#now();
    const size = await this.#sizeNow();
    await this.#original.note(size);
    if (this.#now() - lookedMs <= lookAgainMs || (await this.#sizeNow()) === size) return;
    await this.#original.forget();
    const error = new Error('it was set by somebody else meanwhile; ask again');
    throw ResourceRefusal.ofResource(this.#options.resource.name, 'changed', error);
  }

  async #sizeNow(): Promise<number> {
    const { size } = await this.#look();
    if (size > 0 && Number.isFinite(size)) return size;
    const error = new Error(`its size is ${size}, to which it could not be put back`);
    throw ResourceRefusal.ofResource(this.#options.resource.name, 'changed', error);
  }

  /** @returns the size that is in force; undefined: nothing was changed, or it is owed */
  async #restore(reason: RestoreReason): Promise<number | undefined> {
    this.#owed = undefined;
    let size: number | undefined;
    if (this.#original.isNoted) {
      // A restart shows, where it can be measured; where not, it is put back all the same.
      await this.#look().catch(() => {});
      const outcome = await this.#original.restore(reason);
      const { failure } = outcome;
      size = outcome.size;
      if (failure === undefined) this.#applied = undefined;
      else this.#owe(reason, failure, this.#now() + retryMs);
    }
    const isHeld = this.#lease.holder(this.#now()) !== undefined;
    if (!isHeld) await this.#keepLease({ ...this.#lease.record, ttlMs: 0 }).catch(() => {});
    return size;
  }

  #owe(reason: RestoreReason, words = 'it is about to be', fromMs = this.#now()): void {
    this.#owed = { reason, words, fromMs };
  }

  async #keepLease(lease: KeptLease): Promise<void> {
    const { leases, resource } = this.#options;
    if (isDeepStrictEqual(lease, this.#keptLease)) return;
    try {
      await leases.write(resource.name, lease);
      this.#keptLease = lease;
    } catch (cause) {
      const message = `the lease is not granted, because it is not durable: ${wordsOf(cause)}`;
      throw new ResourceRefusal({ code: 'STATE_NOT_DURABLE', message, cause });
    }
  }

  #permit(claim: LeaseClaim): void {
    if (this.#lease.permits({ ...claim, nowMs: this.#now() })) return;
    const { highestToken } = this.#lease;
    const reason = claim.token < highestToken ? 'stale-token' : 'not-held';
    throw this.#refusal(claim, { reason, highestToken });
  }

  #refusal(claim: LeaseClaim, refusal: { reason: LeaseRefusal; highestToken: number }) {
    return ResourceRefusal.ofLease(this.#options.resource.name, claim, refusal);
  }

  #checkBounds(size: number): void {
    const { min, max, name, unit } = this.#options.resource;
    if (size >= min && size <= max) return;
    const message = `must be from ${min} to ${max} ${unit} of ${name}, was ${size}`;
    const metadata = { min: `${min}`, max: `${max}` };
    throw new ResourceRefusal({ code: 'SIZE_OUT_OF_BOUNDS', message, metadata });
  }

  #inTurn<Result>(operate: () => Promise<Result>): Promise<Result> {
    if (this.#isStopped) {
      const message = 'the server is stopping, every original is put back';
      return Promise.reject(new ResourceRefusal({ code: 'STOPPING', message }));
    }
    const result = this.#queue.then(operate);
    this.#queue = result.catch(() => {});
    return result;
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }
}
