import type { Clock } from '@levitate/clock';
import { Lease, type LeaseOutcome, type LeaseRefusal, Originals } from '@levitate/control';
import { KernelError } from '@levitate/kernel';
import {
  type DurableStore,
  LEASES_FILE,
  type LeasesRecord,
  ORIGINALS_FILE,
  type OriginalDetail,
  readLeases,
  readOriginals,
} from './durable-records.ts';
import { AgentError, type AgentErrorCode } from './errors.ts';
import { identityKey, type Kernel, type QueueIdentity, type QueueReading } from './kernel.ts';
import { type Restored, restoreOriginals } from './restore-originals.ts';

/** A restore that failed is tried again this often, until the queue is as it was or gone. */
const RETRY_MS = 1_000;

/** Why originals were put back. */
export type RestoreReason = 'released' | 'lapsed' | 'operator' | 'stop' | 'retry';

/** What an actuator is made from. */
export interface ActuatorOptions {
  kernel: Kernel;
  store: DurableStore;
  clock: Clock;
  /** Limits outside are refused, whoever asks. */
  bounds: { limitBytesMin: number; limitBytesMax: number };
  /** Told of every restore. */
  onRestored: (restored: Restored, reason: RestoreReason) => void;
}

/** Who asks, for which link. */
export interface Claim {
  link: string;
  holder: string;
  token: number;
}

/**
 * The only one that changes limits. For each link: the lease says who may, the original is durable
 * before the first change, and it is put back when the lease is given up or lapses, when an
 * operator says so, and at the end. Calls are done one after the other.
 */
export class Actuator {
  readonly #options: ActuatorOptions;
  readonly #leases: ReadonlyMap<string, Lease>;
  readonly #originals: Originals<OriginalDetail>;
  /** Links whose restore failed, or that lapsed and wait for their turn. */
  readonly #owed = new Map<string, RestoreReason>();
  #queue: Promise<unknown> = Promise.resolve();
  #retryAtMs = 0;
  #stopped: Promise<Restored[]> | undefined;

  /** Reads the records; what an earlier run left must have been restored before. */
  static async open(options: ActuatorOptions): Promise<Actuator> {
    const originals = new Originals<OriginalDetail>(await readOriginals(options.store));
    return new Actuator(options, originals, await readLeases(options.store));
  }

  private constructor(
    options: ActuatorOptions,
    originals: Originals<OriginalDetail>,
    { leases }: LeasesRecord,
  ) {
    this.#options = options;
    this.#originals = originals;
    this.#leases = new Map(
      options.kernel.links.map(({ name }) => [
        name,
        Object.hasOwn(leases, name) ? new Lease(leases[name]) : new Lease(),
      ]),
    );
    for (const { detail } of originals.restorePlan()) this.#owed.set(detail.link, 'retry');
  }

  /** Who holds the link, and what its limit was before anyone did. */
  status(link: string): { holder: string; token: number; originalLimitBytes: number | undefined } {
    const lease = this.#leases.get(link);
    return {
      holder: lease?.holder(this.#now()) ?? '',
      token: lease?.highestToken ?? 0,
      originalLimitBytes: this.#originalOf(link)?.size,
    };
  }

  /** Take the lease of a link. @throws AgentError */
  acquire(claim: Claim & { ttlMs: number }): Promise<{
    token: number;
    originalLimitBytes: number;
    limitBytes: number;
  }> {
    return this.#inTurn(async () => {
      const lease = this.#lease(claim.link);
      const { reading } = this.#queueOf(claim.link);
      granted(claim, lease.acquire({ ...claim, nowMs: this.#now() }));
      try {
        await this.#writeLeases();
      } catch (error) {
        lease.release({ ...claim, nowMs: this.#now() });
        throw error;
      }
      const limitBytes = reading.limitBytes ?? 0;
      const originalLimitBytes = this.#originalOf(claim.link)?.size ?? limitBytes;
      return { token: lease.highestToken, originalLimitBytes, limitBytes };
    });
  }

  /** Prolong a lease that has not lapsed. @throws AgentError */
  async renew(claim: Claim & { ttlMs: number }): Promise<{ remainingMs: number }> {
    const lease = this.#lease(claim.link);
    const nowMs = this.#now();
    granted(claim, lease.renew({ ...claim, nowMs }));
    return { remainingMs: lease.remainingMs(nowMs) };
  }

  /** Give a lease up; the original is put back. @throws AgentError */
  release(claim: Claim): Promise<{ limitBytes: number }> {
    return this.#inTurn(async () => {
      const lease = this.#lease(claim.link);
      if (!lease.release({ ...claim, nowMs: this.#now() })) {
        throw refusal(claim, { reason: 'not-held', highestToken: lease.highestToken });
      }
      await this.#restoreLinks([claim.link], 'released');
      return { limitBytes: this.#queueOf(claim.link).reading.limitBytes ?? 0 };
    });
  }

  /** Change the limit of a queue. @throws AgentError */
  setLimit(claim: Claim & { limitBytes: number }): Promise<{
    limitBytes: number;
    previousLimitBytes: number;
    changedUnixMs: number;
  }> {
    return this.#inTurn(async () => {
      const { link } = claim;
      const limitBytes = Math.round(claim.limitBytes);
      this.#checkPermit(claim);
      this.#checkBounds(limitBytes);
      const { reading, identity } = this.#queueOf(link);
      await this.#noteOriginal({ link, identity, limitBytes: reading.limitBytes ?? 0 });
      // Writing took time: the lease may have lapsed meanwhile, or passed to another.
      this.#checkPermit(claim);
      try {
        const { previousLimit, limit } = this.#options.kernel.setLimit(identity, limitBytes);
        const changedUnixMs = this.#options.clock.unixMs();
        return { limitBytes: limit, previousLimitBytes: previousLimit, changedUnixMs };
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
    if (this.#owed.size === 0 || nowMs < this.#retryAtMs || this.#stopped) return;
    this.#retryAtMs = nowMs + RETRY_MS;
    void this.#inTurn(() => this.#restoreOwed());
  }

  /** Put everything back and refuse everything from now on. A second call waits for the first. */
  stop(): Promise<Restored[]> {
    this.#stopped ??= this.#inTurn(() => this.#restoreLinks(undefined, 'stop'));
    return this.#stopped;
  }

  async #restoreOwed(): Promise<void> {
    const nowMs = this.#now();
    for (const [link, reason] of [...this.#owed]) {
      this.#owed.delete(link);
      // A successor has taken over: the limit is its business now.
      if (this.#leases.get(link)?.holder(nowMs) !== undefined) continue;
      await this.#restoreLinks([link], reason);
    }
  }

  async #restoreLinks(
    links: readonly string[] | undefined,
    reason: RestoreReason,
  ): Promise<Restored[]> {
    const plan = this.#originals.restorePlan();
    const wanted = plan.filter(({ detail }) => links?.includes(detail.link) ?? true);
    if (wanted.length === 0) return [];
    const restored = restoreOriginals({
      originals: this.#originals,
      keys: wanted.map(({ key }) => key),
      restore: (identity, limitBytes) => this.#options.kernel.restore(identity, limitBytes),
    });
    for (const one of restored) {
      if (one.outcome === 'failed') this.#owed.set(one.link, 'retry');
      this.#options.onRestored(one, reason);
    }
    // Where this fails the record holds too much, which is restored again and harms nothing.
    await this.#writeOriginals().catch(() => {});
    return restored;
  }

  async #noteOriginal(queue: {
    link: string;
    identity: QueueIdentity;
    limitBytes: number;
  }): Promise<void> {
    const { link, identity, limitBytes } = queue;
    const key = identityKey(identity);
    if (this.#originals.permitsChange(key)) return;
    const noted = this.#originals.note({
      key,
      size: limitBytes,
      recordedUnixMs: this.#options.clock.unixMs(),
      detail: { link, identity },
    });
    if (noted === 'full') {
      const message = 'no original can be recorded any more: the record holds 4,096';
      throw new AgentError({ code: 'STATE_NOT_DURABLE', message });
    }
    await this.#writeOriginals();
  }

  async #writeOriginals(): Promise<void> {
    const { revision } = this.#originals;
    await this.#write(ORIGINALS_FILE, this.#originals.toRecord());
    this.#originals.markDurable(revision);
  }

  #writeLeases(): Promise<void> {
    const leases = Object.fromEntries(
      [...this.#leases].map(([link, lease]) => [link, lease.record]),
    );
    return this.#write(LEASES_FILE, { version: 1, leases } satisfies LeasesRecord);
  }

  async #write(name: string, record: object): Promise<void> {
    try {
      await this.#options.store.writeDurably(name, JSON.stringify(record));
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
    throw refusal(claim, { reason, highestToken: lease.highestToken });
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

  #queueOf(link: string): { reading: QueueReading; identity: QueueIdentity } {
    const { kernel } = this.#options;
    const index = kernel.links.findIndex(({ name }) => name === link);
    const inspection = kernel.inspectAll()[index];
    const { reading, identity, notControllableReason: reason = '' } = inspection ?? {};
    if (reading !== undefined && identity !== undefined) return { reading, identity };
    const code: AgentErrorCode = reading === undefined ? 'LINK_GONE' : 'NOT_CONTROLLABLE';
    throw new AgentError({ code, message: `link ${link}: ${reason}` });
  }

  #originalOf(link: string) {
    const plan = this.#originals.restorePlan();
    return plan.find(({ detail }) => detail.link === link);
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

function granted(claim: Claim, outcome: LeaseOutcome): void {
  if (outcome.kind === 'refused') throw refusal(claim, outcome);
}

const refusals: Readonly<Record<LeaseRefusal, { code: AgentErrorCode; why: string }>> = {
  'stale-token': { code: 'LEASE_STALE_TOKEN', why: 'a higher fencing token was seen' },
  'token-of-another-holder': {
    code: 'LEASE_TOKEN_OF_ANOTHER_HOLDER',
    why: 'this fencing token is of another holder',
  },
  'not-held': { code: 'LEASE_NOT_HELD', why: 'the lease is not held; it may have lapsed' },
  'bad-claim': { code: 'LEASE_NOT_HELD', why: 'a holder and a token from 1 are needed' },
};

function refusal(
  claim: Claim,
  { reason, highestToken }: { reason: LeaseRefusal; highestToken: number },
): AgentError {
  const { code, why } = refusals[reason];
  const { link, holder, token } = claim;
  const highest = `the highest token of ${link} is ${highestToken}`;
  return new AgentError({
    code,
    message: `${holder} with token ${token}: ${why}; ${highest}`,
    metadata: { highest_token: `${highestToken}` },
  });
}
