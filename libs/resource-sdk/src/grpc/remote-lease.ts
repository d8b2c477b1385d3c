import type { Clock } from '@levitate/clock';
import { RpcError } from '@levitate/grpc-kit';
import { systemClock } from '@levitate/service-kit';
import { type Delay, realDelay } from '../deadline.ts';
import type { ResourceCalls } from './remote-resources.ts';
import { wordsOf } from './resource-refusal.ts';

/** Renewed at this share of its length. */
const renewShare = 0.4;
/** Wait after a call that was not answered, as a share: two more fit in before it lapses. */
const retryShare = 0.1;
/** Counted as held for this share of its length only, so that it never ends here after there. */
const heldShare = 0.9;

/**
 * Where fencing tokens come from.
 * @param seen the highest the server has seen
 * @param holder who holds the lease there, empty for nobody
 * @returns undefined: it is not this client's turn
 */
export type FencingTokens = (seen: number, holder: string) => Promise<number | undefined>;

/** @see RemoteLease */
export interface RemoteLeaseOptions {
  calls: Pick<ResourceCalls, 'listResources' | 'acquireLease' | 'renewLease' | 'releaseLease'>;
  /** The resource. */
  name: string;
  /** Unique to this client and the same after its restart. */
  holder: string;
  /** 500 to 60,000; default 5,000. */
  ttlMs?: number | undefined;
  /** Default: the next one, where nobody else holds the lease. */
  tokens?: FencingTokens | undefined;
  clock?: Clock | undefined;
  wait?: Delay | undefined;
  /** Told why it was lost, or cannot be had; once for each reason. */
  onLost?: ((why: string) => void) | undefined;
}

/**
 * The right to change one resource of a server: taken, renewed until it is given up, taken again
 * after a loss. Without a store of tokens it is never taken from a holder that is alive: two
 * clients that outbid each other would be worse than either.
 */
export class RemoteLease {
  readonly #options: RemoteLeaseOptions;
  readonly #clock: Clock;
  readonly #ttlMs: number;
  #token: number | undefined;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #why = 'it was not asked for yet';
  /** Ends the keeping of it; undefined while it is not wanted. */
  #stop: AbortController | undefined;
  /** Ends the pause until the next step. */
  #wake: AbortController | undefined;
  /** One conversation at a time: a release must not cross an acquisition. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: RemoteLeaseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#ttlMs = options.ttlMs ?? 5_000;
  }

  get holder(): string {
    return this.#options.holder;
  }

  /** To change with; undefined while it is not held. */
  get token(): number | undefined {
    return this.#clock.monotonicMs() < this.#heldUntilMs ? this.#token : undefined;
  }

  /** Why it is not held; empty while it is. */
  get why(): string {
    return this.token === undefined ? this.#why : '';
  }

  /** The server does not know this lease any more: take it afresh. */
  lose(why: string): void {
    if (this.#why !== why) this.#options.onLost?.(why);
    if (this.#token !== undefined) this.#wake?.abort();
    this.#token = undefined;
    this.#heldUntilMs = Number.NEGATIVE_INFINITY;
    this.#why = why;
  }

  /** Keep it until `stop`. */
  start(): this {
    if (this.#stop !== undefined) return this;
    const stop = new AbortController();
    this.#stop = stop;
    this.#turn = this.#turn.then(() => this.#run(stop.signal));
    return this;
  }

  /** Give it back, if the server can be reached: the original is in force then. Never throws. */
  stop(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#turn = this.#turn.then(() => this.#release());
    return this.#turn;
  }

  /** Take it or renew it; `start` does so. @returns when to do so again, ms */
  async step(): Promise<number> {
    const askedMs = this.#clock.monotonicMs();
    try {
      if (this.token === undefined) await this.#acquire();
      else await this.#renew(this.token);
      this.#heldUntilMs = askedMs + this.#ttlMs * heldShare;
      this.#why = '';
      return this.#ttlMs * renewShare;
    } catch (error) {
      // A server that does not answer may still count it: so does this client, until it runs out.
      const isUnanswered = isAway(error) && this.token !== undefined;
      if (!isUnanswered) this.lose(reasonOf(error));
      return this.#ttlMs * retryShare;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { wait = realDelay } = this.#options;
    while (!signal.aborted) {
      const ms = await this.step();
      const wake = new AbortController();
      this.#wake = wake;
      await wait(ms, AbortSignal.any([signal, wake.signal])).catch(() => {});
    }
  }

  async #release(): Promise<void> {
    const { token } = this;
    this.lose('it was given up');
    if (token === undefined) return;
    const { calls, name, holder } = this.#options;
    const deadlineMs = this.#ttlMs;
    await calls.releaseLease({ name, holder, fencingToken: token }, { deadlineMs }).catch(() => {});
  }

  async #acquire(): Promise<void> {
    const { calls, name, holder, tokens = this.#nextToken } = this.#options;
    const deadlineMs = this.#ttlMs / 2;
    const { resources } = await calls.listResources({}, { deadlineMs });
    const found = resources.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the server has no resource ${name}`);
    const fencingToken = await tokens(found.fencingToken, found.leaseHolder);
    if (fencingToken === undefined) throw new Error(`held by ${found.leaseHolder || 'another'}`);
    const request = { name, holder, fencingToken, ttlMs: this.#ttlMs };
    await calls.acquireLease(request, { deadlineMs });
    this.#token = fencingToken;
  }

  async #renew(fencingToken: number): Promise<void> {
    const { calls, name, holder } = this.#options;
    const request = { name, holder, fencingToken, ttlMs: this.#ttlMs };
    await calls.renewLease(request, { deadlineMs: this.#ttlMs * retryShare * 2 });
  }

  readonly #nextToken: FencingTokens = async (seen, holder) =>
    holder === '' || holder === this.holder ? seen + 1 : undefined;
}

/** The server did not answer: that says nothing about what it would have said. */
function isAway(error: unknown): boolean {
  return error instanceof RpcError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code);
}

function reasonOf(error: unknown): string {
  return error instanceof RpcError ? `${error.reason}: ${error.message}` : wordsOf(error);
}
