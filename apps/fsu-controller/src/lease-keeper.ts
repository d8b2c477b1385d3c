import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@levitate/clock';
import { RpcError } from '@levitate/grpc-kit';
import type { AgentCalls } from './batched-agent.ts';

/** Renewed at this share of its length. */
const renewShare = 0.4;
/** Time one renewal gets, as a share: a second and a third attempt fit in before it lapses. */
const answerShare = 0.2;
/** Wait after a renewal that was not answered, as a share. */
const retryShare = 0.05;
/** Counted as held for this share of its length only, so that it never ends here after there. */
const heldShare = 0.9;

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
  onGranted: (grant: LeaseGrant) => void;
  /** Told once per loss, and once per new reason why it cannot be had. */
  onLost: (why: string) => void;
}

/**
 * Keeps the lease of one link while it is wanted: takes it with a fencing token higher than any
 * the agent has seen, renews it at 0.4 of its length, takes it again after a loss. It never takes a
 * link from a holder that is alive: that one renews with its own token, and two controllers
 * outbidding each other would be worse than either.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  #token: number | undefined;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #why = '';
  /** The last renewal was not answered. */
  #isUnanswered = false;
  #wake = new AbortController();
  /** One conversation with the agent at a time: a release must not cross an acquisition. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#token !== undefined && this.#options.clock.monotonicMs() < this.#heldUntilMs;
  }

  /** Token of the lease held; `undefined` when there is none. */
  get token(): number | undefined {
    return this.isHeld ? this.#token : undefined;
  }

  /** Why it is not held; empty while it is. */
  get why(): string {
    return this.isHeld ? '' : this.#why;
  }

  /** Whether it should be held; acted upon by `run`. */
  want(isWanted: boolean): void {
    if (this.#isWanted === isWanted) return;
    this.#isWanted = isWanted;
    this.#wake.abort();
  }

  /** The agent refused or could not be reached: take the lease afresh before anything else. */
  lose(why: string): void {
    if (this.#token !== undefined) this.#lost(why);
    this.#wake.abort();
  }

  /** Keep the lease until `signal` aborts, then give it back. */
  async run(signal: AbortSignal): Promise<void> {
    const { ttlMs } = this.#options;
    while (!signal.aborted) {
      await this.#inTurn(() => {
        if (!this.#isWanted) return this.#release();
        return this.isHeld ? this.#renew() : this.#acquire();
      });
      const share = this.#isUnanswered ? retryShare : renewShare;
      const everyMs = this.#isWanted ? ttlMs * share : ttlMs;
      // On one grid for all links, so that their renewals travel in one call.
      await this.#pause(everyMs - (this.#options.clock.monotonicMs() % everyMs), signal);
    }
    await this.giveUp();
  }

  /**
   * Stop wanting the lease and give it back; the agent restores the original. Never throws: a
   * lease that could not be given back lapses.
   */
  giveUp(): Promise<void> {
    this.want(false);
    return this.#inTurn(() => this.#release());
  }

  #inTurn(talk: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(talk);
    return this.#turn;
  }

  async #release(): Promise<void> {
    const token = this.#token;
    this.#token = undefined;
    if (token === undefined) return;
    const { agent, link, holder, ttlMs } = this.#options;
    await agent
      .releaseLease({ link, holder, fencingToken: token }, { deadlineMs: ttlMs })
      .catch(() => {});
  }

  async #acquire(): Promise<void> {
    this.#isUnanswered = false;
    const { agent, link, holder, ttlMs, clock, onGranted } = this.#options;
    const deadlineMs = ttlMs / 2;
    try {
      const { links } = await agent.listLinks({}, { deadlineMs });
      const known = links.find((one) => one.link === link);
      if (known === undefined) return this.#lost(`the agent has no link ${link}`);
      if (!known.controllable) return this.#lost(known.notControllableReason);
      if (known.leaseHolder !== '' && known.leaseHolder !== holder) {
        return this.#lost(`held by ${known.leaseHolder}`);
      }
      const askedMs = clock.monotonicMs();
      const asked = known.fencingToken + 1;
      const request = { link, holder, fencingToken: asked, ttlMs };
      const grant = await agent.acquireLease(request, { deadlineMs });
      this.#token = grant.fencingToken;
      this.#heldUntilMs = askedMs + ttlMs * heldShare;
      this.#why = '';
      onGranted(grant);
    } catch (error) {
      this.#lost(reasonOf(error));
    }
  }

  async #renew(): Promise<void> {
    const { agent, link, holder, ttlMs, clock } = this.#options;
    const askedMs = clock.monotonicMs();
    try {
      const request = { link, holder, fencingToken: this.#token ?? 0, ttlMs };
      await agent.renewLease(request, { deadlineMs: ttlMs * answerShare });
      this.#heldUntilMs = askedMs + ttlMs * heldShare;
      this.#isUnanswered = false;
    } catch (error) {
      // An agent that does not answer may still hold our lease: it counts until it runs out.
      this.#isUnanswered = isAway(error) && this.isHeld;
      if (!this.#isUnanswered) this.#lost(reasonOf(error));
    }
  }

  #lost(why: string): void {
    const isNews = this.#token !== undefined || this.#why !== why;
    this.#token = undefined;
    this.#why = why;
    if (isNews) this.#options.onLost(why);
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const wake = AbortSignal.any([signal, this.#wake.signal]);
    if (!wake.aborted) await delay(ms, undefined, { signal: wake }).catch(() => {});
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
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
