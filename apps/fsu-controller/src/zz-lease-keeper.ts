import type { Clock } from '@levitate/clock';
import type { ebpfAgent } from '@levitate/contracts';
import { RpcError } from '@levitate/grpc-kit';
import { type Delay, OriginalsInMemory } from '@levitate/resource-sdk';
import type { AgentCalls } from './batched-agent.ts';
import { HeldLease } from './zz-leases/held-lease.ts';
import { answerShare, LeaseRounds } from './zz-leases/lease-rounds.ts';
import type { LeaseStore, RenewOutcome } from './zz-leases/lease-store.ts';
import { OwnLeases } from './zz-leases/own-leases.ts';
import { lostTo } from './zz-leases/target-lease.ts';

/** What the agent said when it granted the lease. */
export interface LeaseGrant {
  limitBytes: number;
  originalLimitBytes: number;
}

/** @see LeaseKeeper */
export interface LeaseKeeperOptions {
  agent: Pick<AgentCalls, 'listLinks' | 'acquireLease' | 'renewLease' | 'releaseLease'>;
  link: string;
  /** Unique to this controller and the same after its restart. */
  holder: string;
  ttlMs: number;
  clock: Clock;
  /** Where tokens come from; default: one more than the agent has seen. */
  leases?: LeaseStore | undefined;
  onGranted: (grant: LeaseGrant) => void;
  /** Told once per loss, and once per new reason why it cannot be had. */
  onLost: (why: string) => void;
  /** How to wait; default by the timers of this machine. */
  wait?: Delay | undefined;
}

/**
 * Keeps the lease of one link while it is wanted: takes it with a fencing token higher than any
 * the agent has seen, renews it at 0.4 of its length, takes it again after a loss. It never takes a
 * link from a holder that is alive: that one renews with its own token, and two controllers
 * outbidding each other would be worse than either.
 *
 * A store of leases says who of several controllers may begin. The lease that counts is the
 * agent's: with the store away it is renewed, and taken anew with the token it had; the agent
 * refuses that once it has seen a higher one.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #store: LeaseStore;
  readonly #lease: HeldLease;
  readonly #rounds: LeaseRounds;
  /** The store's newest grant, as far as it was not said to be another's or given back. */
  #storeToken: number | undefined;

  constructor(options: LeaseKeeperOptions) {
    const { clock, leases = new OwnLeases({ clock, originals: new OriginalsInMemory() }) } =
      options;
    this.#options = options;
    this.#store = leases;
    this.#lease = new HeldLease(options);
    this.#rounds = new LeaseRounds({
      ...options,
      keep: () => (this.#lease.isHeld ? this.#renew() : this.#acquire()),
      release: () => this.#release(),
    });
  }

  get isHeld(): boolean {
    return this.#lease.isHeld;
  }

  /** Token of the lease held; `undefined` when there is none. */
  get token(): number | undefined {
    return this.#lease.token;
  }

  /** Why it is not held; empty while it is. */
  get why(): string {
    return this.#lease.why;
  }

  /** Whether it should be held; acted upon by `run`. */
  want(isWanted: boolean): void {
    this.#rounds.want(isWanted);
  }

  /** The agent refused or could not be reached: take the lease afresh before anything else. */
  lose(why: string): void {
    if (this.#lease.grantedToken !== undefined) this.#lease.lost(why);
    this.#rounds.wake();
  }

  /** Keep the lease until `signal` aborts, then give it back. */
  run(signal: AbortSignal): Promise<void> {
    return this.#rounds.run(signal);
  }

  /**
   * Stop wanting the lease and give it back; the agent restores the original. Never throws: a
   * lease that could not be given back lapses.
   */
  giveUp(): Promise<void> {
    return this.#rounds.giveUp();
  }

  async #release(): Promise<void> {
    await this.#releaseAtAgent(this.#lease.takeBack());
    await this.#releaseAtStore();
  }

  async #releaseAtAgent(token: number | undefined): Promise<void> {
    if (token === undefined) return;
    const { agent, link, holder, ttlMs } = this.#options;
    await agent
      .releaseLease({ link, holder, fencingToken: token }, { deadlineMs: ttlMs })
      .catch(() => {});
  }

  async #releaseAtStore(): Promise<void> {
    const token = this.#storeToken;
    this.#storeToken = undefined;
    const { link: target, holder } = this.#options;
    if (token !== undefined) await this.#store.release({ target, holder, token });
  }

  async #acquire(): Promise<{ isUnanswered: boolean }> {
    const { agent, link, holder, ttlMs, clock, onGranted } = this.#options;
    const deadlineMs = ttlMs / 2;
    try {
      const known = await this.#freeLink(deadlineMs);
      const fencingToken = await this.#tokenFor(known);
      const askedMs = clock.monotonicMs();
      const request = { link, holder, fencingToken, ttlMs };
      const grant = await agent.acquireLease(request, { deadlineMs }).catch(async (error) => {
        // Others may reach the agent where this controller does not.
        await this.#releaseAtStore();
        throw error;
      });
      this.#lease.granted(grant.fencingToken, askedMs);
      onGranted(grant);
    } catch (error) {
      this.#lease.lost(reasonOf(error));
    }
    return { isUnanswered: false };
  }

  /** The link as the agent has it. @throws Error where it is not to be had */
  async #freeLink(deadlineMs: number): Promise<ebpfAgent.Link> {
    const { agent, link, holder } = this.#options;
    const { links } = await agent.listLinks({}, { deadlineMs });
    const known = links.find((one) => one.link === link);
    if (known === undefined) throw new Error(`the agent has no link ${link}`);
    if (!known.controllable) throw new Error(known.notControllableReason);
    const isFree = known.leaseHolder === '' || known.leaseHolder === holder;
    if (!isFree) throw new Error(`held by ${known.leaseHolder}`);
    return known;
  }

  /** The token to come with. @throws Error where the store gives none */
  async #tokenFor(known: ebpfAgent.Link): Promise<number> {
    const { link: target, holder, ttlMs } = this.#options;
    const seen = known.fencingToken;
    const outcome = await this.#store.acquire({ target, holder, ttlMs, tokenMin: seen + 1 });
    switch (outcome.kind) {
      case 'granted':
        this.#storeToken = outcome.token;
        return outcome.token;
      case 'held':
        throw new Error(`held by ${outcome.by}`);
      case 'settling':
        throw new Error('the lease store knows no holders since its restart');
      case 'away':
        // The incumbent may go on with the token it has: nobody has come with a higher one.
        if ((this.#storeToken ?? 0) >= Math.max(seen, 1)) return this.#storeToken ?? seen;
        if (known.leaseHolder === holder) return seen;
        throw new Error(`the lease store is away: ${outcome.why}`);
    }
  }

  async #renew(): Promise<{ isUnanswered: boolean }> {
    const { agent, link, holder, ttlMs, clock } = this.#options;
    const askedMs = clock.monotonicMs();
    const fencingToken = this.#lease.grantedToken ?? 0;
    const request = { link, holder, fencingToken, ttlMs };
    let isUnanswered = false;
    const atAgent = agent.renewLease(request, { deadlineMs: ttlMs * answerShare });
    const atStore = this.#renewAtStore();
    try {
      await atAgent;
      this.#lease.renewed(askedMs);
    } catch (error) {
      // An agent that does not answer may still hold our lease: it counts until it runs out.
      isUnanswered = isAway(error) && this.isHeld;
      if (!isUnanswered) this.#lease.lost(reasonOf(error));
    }
    const outcome = await atStore;
    if (outcome?.kind === 'lost') {
      this.#storeToken = undefined;
      this.#lease.lost(lostTo(outcome.by));
      await this.#releaseAtAgent(fencingToken);
    }
    return { isUnanswered };
  }

  async #renewAtStore(): Promise<RenewOutcome | undefined> {
    const token = this.#storeToken;
    if (token === undefined) return undefined;
    const { link: target, holder, ttlMs } = this.#options;
    return this.#store.renew({ target, holder, token, ttlMs });
  }
}

/** The peer did not answer: it says nothing about what it would have said. */
export function isAway(error: unknown): boolean {
  return error instanceof RpcError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code);
}

function reasonOf(error: unknown): string {
  if (error instanceof RpcError) return `${error.reason}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
