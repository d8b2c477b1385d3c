import type { Clock } from '@levitate/clock';
import { Lease, Originals, originalsMax, type Restoration } from '@levitate/control';
import { KernelError } from '@levitate/kernel';
import { limitBytesOf, type Part } from './actuators/actuator.ts';
import type { ActuatorChain, ChainOutcome } from './actuators/actuator-chain.ts';
import { targetKey } from './actuators/target.ts';
import {
  type DurableStore,
  LEASES_FILE,
  type LeasesRecord,
  ORIGINALS_FILE,
  type OriginalDetail,
  originalsText,
  readLeases,
  readOriginals,
} from './durable-records.ts';
import { AgentError } from './errors.ts';
import { assertGranted, type Claim, leaseRefusal } from './lease-refusal.ts';
import { type LimitWish, type LinkActuation, LinkActuations, limitOf } from './link-actuation.ts';
import { type Restored, restoreOriginals } from './restore-originals.ts';

/** A restore that failed is tried again this often, until the queue is as it was or gone. */
const RETRY_MS = 1_000;
/** A record that takes longer to write leaves time for somebody to set the limit by hand, ms. */
const LOOK_AGAIN_MS = 50;

/** Why originals were put back. */
export type RestoreReason = 'released' | 'lapsed' | 'operator' | 'stop' | 'retry';

/** What limit control is made from. */
export interface LimitControlOptions {
  chain: ActuatorChain;
  store: DurableStore;
  clock: Clock;
  /** Limits outside are refused, whoever asks. */
  bounds: { limitBytesMin: number; limitBytesMax: number };
  /** Told of every restore. */
  onRestored: (restored: Restored, reason: RestoreReason) => void;
}

/**
 * The only one that changes limits. For each link: the lease says who may, the original is durable
 * before the first change, and it is put back when the lease is given up or lapses, when an
 * operator says so, and at the end. Calls are done one after the other.
 */
export class LimitControl {
  readonly #options: LimitControlOptions;
  readonly #actuations: LinkActuations;
  readonly #leases: ReadonlyMap<string, Lease>;
  readonly #originals: Originals<OriginalDetail>;
  /** Links whose restore failed, or that lapsed and wait for their turn. */
  readonly #owed = new Map<string, RestoreReason>();
  /** Originals by link, as of a revision of the record: a thousand links ask at once. */
  #byLink = { revision: -1, links: new Map<string, Restoration<OriginalDetail>[]>() };
  #queue: Promise<unknown> = Promise.resolve();
  #retryAtMs = 0;
  /** Revision of the originals that the disk is known to hold. */
  #writtenRevision = 0;
  #stopped: Promise<Restored[]> | undefined;

  /** Reads the records; what an earlier run left must have been restored before. */
  static async open(options: LimitControlOptions): Promise<LimitControl> {
    const originals = new Originals<OriginalDetail>(await readOriginals(options.store));
    return new LimitControl(options, originals, await readLeases(options.store));
  }

  private constructor(
    options: LimitControlOptions,
    originals: Originals<OriginalDetail>,
    { leases }: LeasesRecord,
  ) {
    this.#options = options;
    this.#actuations = new LinkActuations(options.chain);
    this.#originals = originals;
    this.#leases = new Map(
      options.chain.links.map((name) => [
        name,
        Object.hasOwn(leases, name) ? new Lease(leases[name]) : new Lease(),
      ]),
    );
    for (const { detail } of originals.restorePlan()) this.#owed.set(detail.link, 'retry');
  }

  /** Names of the links, in the order of the configuration. */
  get links(): readonly string[] {
    return this.#options.chain.links;
  }

  /** Who holds the link, and what its limit was before anyone did. */
  status(link: string): { holder: string; token: number; originalLimitBytes: number | undefined } {
    const lease = this.#leases.get(link);
    return {
      holder: lease?.holder(this.#now()) ?? '',
      token: lease?.highestToken ?? 0,
      originalLimitBytes: this.#originalLimitOf(link),
    };
  }

  /** What drives each link, in the order of the configuration. */
  lookAll(): ChainOutcome[] {
    return this.#actuations.lookAll();
  }

  /** Limit in force, bytes, of a link whose queue does not show it; else `undefined`. */
  hiddenLimit(link: string): number | undefined {
    return this.#actuations.hiddenLimit(link);
  }

  /** Limits in bytes, by link, set or put back since the last call. */
  takeChangedLimits(): ReadonlyMap<string, number> {
    return this.#actuations.takeChanged();
  }

  /** Take the lease of a link. @throws AgentError */
  acquire(claim: Claim & { ttlMs: number }): Promise<{
    token: number;
    originalLimitBytes: number;
    limitBytes: number;
  }> {
    return this.#inTurn(async () => {
      const lease = this.#lease(claim.link);
      const recorded = this.#originalsOf(claim.link)[0]?.detail.target.actuator;
      const actuation = this.#actuations.choose(claim.link, recorded);
      const proposal = lease.propose(claim);
      if (proposal.kind === 'refused') throw leaseRefusal(claim, proposal);
      // Durable first: where that fails, whoever holds the lease holds it still.
      await this.#writeLeases({ [claim.link]: proposal.record });
      assertGranted(claim, lease.acquire({ ...claim, nowMs: this.#now() }));
      const limitBytes = limitOf(actuation);
      const originalLimitBytes = this.#originalLimitOf(claim.link) ?? limitBytes;
      return { token: lease.highestToken, originalLimitBytes, limitBytes };
    });
  }

  /** Prolong a lease that has not lapsed. @throws AgentError */
  async renew(claim: Claim & { ttlMs: number }): Promise<{ remainingMs: number }> {
    const lease = this.#lease(claim.link);
    const nowMs = this.#now();
    assertGranted(claim, lease.renew({ ...claim, nowMs }));
    return { remainingMs: lease.remainingMs(nowMs) };
  }

  /** Give a lease up; the original is put back. @throws AgentError */
  release(claim: Claim): Promise<{ limitBytes: number }> {
    return this.#inTurn(async () => {
      const lease = this.#lease(claim.link);
      if (!lease.release({ ...claim, nowMs: this.#now() })) {
        throw leaseRefusal(claim, { reason: 'not-held', highestToken: lease.highestToken });
      }
      await this.#restoreLinks([claim.link], 'released');
      this.#actuations.forget(claim.link);
      return { limitBytes: this.#limitNow(claim.link) };
    });
  }

  /** Change the limit of a link. @throws AgentError */
  setLimit(claim: Claim & LimitWish): Promise<{
    limitBytes: number;
    previousLimitBytes: number;
    changedUnixMs: number;
  }> {
    return this.#inTurn(async () => {
      const limitBytes = Math.round(claim.limitBytes);
      this.#checkPermit(claim);
      this.#checkBounds(limitBytes);
      try {
        const wish = { limitBytes, gains: claim.gains };
        const change = this.#setKnown(claim.link, wish) ?? (await this.#setFound(claim, wish));
        return { ...change, changedUnixMs: this.#options.clock.unixMs() };
      } catch (error) {
        throw error instanceof KernelError ? AgentError.fromKernel(error) : error;
      }
    });
  }

  /** Put originals back whatever the leases say. @param link all where not given */
  restore(link?: string): Promise<Restored[]> {
    return this.#inTurn(async () => {
      if (link !== undefined) this.#lease(link);
      return this.#restoreLinks(link === undefined ? undefined : [link], 'operator');
    });
  }

  /** To be called often: notices lapsed leases, and tries failed restores again. */
  expire(): void {
    const nowMs = this.#now();
    for (const [link, lease] of this.#leases) {
      if (!lease.expire(nowMs)) continue;
      this.#owed.set(link, 'lapsed');
      this.#retryAtMs = nowMs;
    }
    const isOwing = this.#owed.size > 0 || this.#isBehind;
    if (!isOwing || nowMs < this.#retryAtMs || this.#stopped) return;
    this.#retryAtMs = nowMs + RETRY_MS;
    void this.#inTurn(() => this.#restoreOwed());
  }

  /** Put everything back and refuse everything from now on. A second call waits for the first. */
  stop(): Promise<Restored[]> {
    this.#stopped ??= this.#inTurn(() => this.#restoreLinks(undefined, 'stop'));
    return this.#stopped;
  }

  /** The short way, many times a second: what was found last is still there and recorded. */
  #setKnown(link: string, wish: LimitWish) {
    const actuation = this.#actuations.chosen(link);
    if (actuation === undefined || !this.#actuations.isLasting(actuation)) return undefined;
    if (!actuation.parts.every((part) => this.#isRecorded(link, part))) return undefined;
    try {
      return this.#actuations.set(link, actuation, wish);
    } catch (error) {
      // It went, or another has its place with an original of its own: look again.
      if (error instanceof KernelError) return undefined;
      throw error;
    }
  }

  async #setFound(claim: Claim, wish: LimitWish) {
    const lookedMs = this.#now();
    const actuation = this.#actuations.review(claim.link);
    const noted = await this.#noteOriginals(claim.link, actuation);
    // Writing took time: the lease may have lapsed meanwhile, or passed to another.
    this.#checkPermit(claim);
    const isSlow = this.#now() - lookedMs > LOOK_AGAIN_MS;
    if (isSlow && this.#isMoved(claim.link, noted)) {
      this.#forgetNoted(noted);
      await this.#writeOriginals();
      throw setMeanwhile(claim.link);
    }
    return this.#actuations.set(claim.link, actuation, wish);
  }

  async #restoreOwed(): Promise<void> {
    const nowMs = this.#now();
    for (const [link, reason] of [...this.#owed]) {
      this.#owed.delete(link);
      // A successor has taken over: the limit is its business now.
      if (this.#leases.get(link)?.holder(nowMs) !== undefined) continue;
      await this.#restoreLinks([link], reason);
      this.#actuations.forget(link);
    }
    if (this.#isBehind) await this.#writeOriginals().catch(() => {});
  }

  /** A record that holds too much would put back, at the next start, what is nobody's any more. */
  get #isBehind(): boolean {
    return this.#writtenRevision !== this.#originals.revision;
  }

  async #restoreLinks(
    links: readonly string[] | undefined,
    reason: RestoreReason,
  ): Promise<Restored[]> {
    const plan = this.#originals.restorePlan();
    const wanted = plan.filter(({ detail }) => links?.includes(detail.link) ?? true);
    if (wanted.length === 0 && !this.#isBehind) return [];
    const restored = restoreOriginals({
      originals: this.#originals,
      keys: wanted.map(({ key }) => key),
      restore: (target, size) => this.#options.chain.restore(target, size),
    });
    for (const one of restored) {
      if (one.outcome === 'failed') this.#owed.set(one.link, 'retry');
      else this.#actuations.restored(one.link, one.actuator, one.limitBytes);
      this.#options.onRestored(one, reason);
    }
    // Where this fails the record holds too much, and is written again later.
    await this.#writeOriginals().catch(() => {});
    return restored;
  }

  /** @returns the parts whose originals are durable since now */
  async #noteOriginals(link: string, { parts }: LinkActuation): Promise<readonly Part[]> {
    const recordedUnixMs = this.#options.clock.unixMs();
    const unrecorded = parts.filter((part) => !this.#isRecorded(link, part));
    if (unrecorded.length === 0) return [];
    for (const { target, size } of unrecorded) {
      const key = targetKey(target);
      const noted = this.#originals.note({ key, size, recordedUnixMs, detail: { link, target } });
      if (noted === 'full') throw recordFull();
      const holder = this.#originals.get(key)?.detail.link;
      if (holder !== link) throw drivenElsewhere(link, holder);
    }
    try {
      await this.#writeOriginals();
    } catch (error) {
      this.#forgetNoted(unrecorded);
      throw error;
    }
    return unrecorded;
  }

  /** Whether a limit is another by now than was noted: it was set by hand, and is the original. */
  #isMoved(link: string, noted: readonly Part[]): boolean {
    const present = this.#actuations.review(link).parts;
    const sizes = new Map(present.map(({ target, size }) => [targetKey(target), size]));
    return noted.some(({ target, size }) => (sizes.get(targetKey(target)) ?? size) !== size);
  }

  /** Nothing was changed yet: what is noted next time is the original. */
  #forgetNoted(parts: readonly Part[]): void {
    for (const { target } of parts) this.#originals.abandon(targetKey(target));
  }

  /** Whether the original of a part is durable, for this link and no other. */
  #isRecorded(link: string, { target }: Part): boolean {
    const key = targetKey(target);
    return this.#originals.permitsChange(key) && this.#originals.get(key)?.detail.link === link;
  }

  async #writeOriginals(): Promise<void> {
    const { revision } = this.#originals;
    await this.#write(ORIGINALS_FILE, originalsText(this.#originals.toRecord()));
    this.#originals.markDurable(revision);
    this.#writtenRevision = revision;
  }

  #writeLeases(proposed: LeasesRecord['leases']): Promise<void> {
    const leases = Object.fromEntries(
      [...this.#leases].map(([link, lease]) => [link, lease.record]),
    );
    const record: LeasesRecord = { version: 1, leases: { ...leases, ...proposed } };
    return this.#write(LEASES_FILE, JSON.stringify(record));
  }

  async #write(name: string, text: string): Promise<void> {
    try {
      await this.#options.store.writeDurably(name, text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `nothing is changed, because ${name} cannot be made durable: ${why}`;
      throw new AgentError({ code: 'STATE_NOT_DURABLE', message, cause });
    }
  }

  #checkPermit(claim: Claim): void {
    const lease = this.#lease(claim.link);
    if (lease.permits({ ...claim, nowMs: this.#now() })) return;
    const reason = claim.token < lease.highestToken ? 'stale-token' : 'not-held';
    throw leaseRefusal(claim, { reason, highestToken: lease.highestToken });
  }

  #checkBounds(limitBytes: number): void {
    const { limitBytesMin, limitBytesMax } = this.#options.bounds;
    if (limitBytes >= limitBytesMin && limitBytes <= limitBytesMax) return;
    throw new AgentError({
      code: 'LIMIT_OUT_OF_BOUNDS',
      message: `must be from ${limitBytesMin} to ${limitBytesMax} bytes, was ${limitBytes}`,
      metadata: { limit_bytes_min: `${limitBytesMin}`, limit_bytes_max: `${limitBytesMax}` },
    });
  }

  #limitNow(link: string): number {
    const index = this.#options.chain.links.indexOf(link);
    const actuation = this.#actuations.lookAll()[index]?.actuation;
    return actuation === undefined ? 0 : limitOf(actuation);
  }

  #originalLimitOf(link: string): number | undefined {
    const parts = this.#originalsOf(link).map(({ size, detail: { target } }) => ({ target, size }));
    return parts.length === 0 ? undefined : Math.min(...parts.map((part) => limitBytesOf(part)));
  }

  #originalsOf(link: string): readonly Restoration<OriginalDetail>[] {
    const { revision } = this.#originals;
    if (this.#byLink.revision !== revision) {
      const plan = this.#originals.restorePlan();
      this.#byLink = { revision, links: Map.groupBy(plan, ({ detail }) => detail.link) };
    }
    return this.#byLink.links.get(link) ?? [];
  }

  #lease(link: string): Lease {
    const lease = this.#leases.get(link);
    if (lease !== undefined) return lease;
    const known = [...this.#leases.keys()].slice(0, 20).join(', ');
    const message = `no link ${link}; known are: ${known}`;
    throw new AgentError({ code: 'LINK_UNKNOWN', message });
  }

  #inTurn<Result>(operate: () => Promise<Result>): Promise<Result> {
    if (this.#stopped !== undefined) {
      const message = 'the agent is stopping, every limit is put back';
      return Promise.reject(new AgentError({ code: 'STOPPING', message }));
    }
    const result = this.#queue.then(operate);
    this.#queue = result.catch(() => {});
    return result;
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }
}

function recordFull(): AgentError {
  const why = `the record holds ${originalsMax} originals, which is all it can`;
  const next = 'give leases up, or put originals back with `levitate fsu rollback`';
  const message = `nothing is changed, because ${why}. Next: ${next}`;
  return new AgentError({ code: 'STATE_NOT_DURABLE', message });
}

function setMeanwhile(link: string): AgentError {
  const why = 'its limit was set by somebody else while the original was written down';
  const message = `link ${link}: ${why}; nothing is changed. Next: ask again`;
  return new AgentError({ code: 'QUEUE_CHANGED', message });
}

function drivenElsewhere(link: string, other: string | undefined): AgentError {
  const why = `what drives it is changed for link ${other} and has not been put back`;
  const next = 'give each link an interface, a port and a parameter of its own';
  const message = `link ${link}: ${why}. Next: ${next}`;
  return new AgentError({ code: 'NOT_CONTROLLABLE', message });
}
