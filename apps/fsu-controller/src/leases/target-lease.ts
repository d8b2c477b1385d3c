import type { Clock } from '@levitate/clock';
import type { Delay, OriginalStore } from '@levitate/resource-sdk';
import { HeldLease } from './held-lease.ts';
import { LeaseRounds } from './lease-rounds.ts';
import type { LeaseStore } from './lease-store.ts';

/** @see TargetLease */
export interface TargetLeaseOptions {
  store: LeaseStore;
  target: string;
  /** Unique to this controller and the same after its restart. */
  holder: string;
  ttlMs: number;
  clock: Clock;
  /** Told when it is granted, with its token. */
  onGranted?: ((token: number) => void) | undefined;
  /** Told once per loss, and once per new reason why it cannot be had. */
  onLost?: ((why: string) => void) | undefined;
  /** Told when the store goes, and with an empty reason when it is back. */
  onStore?: ((why: string) => void) | undefined;
  /** How to wait; default by the timers of this machine. */
  wait?: Delay | undefined;
}

/**
 * The lease of a resource that knows none itself (HAProxy, PgBouncer, a JVM): the store's alone.
 * While the store is away a lease that is held counts until it runs out; then nothing may be
 * changed, nor put back, until the store answers: whoever takes the target next finds the original
 * there.
 */
export class TargetLease {
  /** What stood before the first change, where a successor looks. */
  readonly originals: OriginalStore;
  readonly #options: TargetLeaseOptions;
  readonly #lease: HeldLease;
  readonly #rounds: LeaseRounds;
  readonly #ended = new AbortController();
  #stopping: AbortSignal | undefined;
  #storeWhy = '';

  constructor(options: TargetLeaseOptions) {
    const { store, target, holder, onLost = () => {} } = options;
    this.#options = options;
    this.#lease = new HeldLease({ ...options, onLost });
    this.#rounds = new LeaseRounds({
      ...options,
      keep: () => (this.#lease.isHeld ? this.#renew() : this.#acquire()),
      release: () => this.#release(),
    });
    this.originals = store.originals(target, () => {
      const { token } = this.#lease;
      return token === undefined ? undefined : { target, holder, token };
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
    if (this.#storeWhy === '' || this.isHeld) return this.#lease.why;
    return `the lease store is away: ${this.#storeWhy}`;
  }

  /** Why the target must not be changed; `undefined`: it may. */
  held(): 'lease-not-held' | undefined {
    return this.#lease.isHeld ? undefined : 'lease-not-held';
  }

  /** Whether it should be held; acted upon by `run`. */
  want(isWanted: boolean): void {
    this.#rounds.want(isWanted);
  }

  /**
   * Keep the lease while it is wanted. Once `signal` aborts a lease that is wanted is kept until
   * `giveUp`, for what was changed is put back under it; then this resolves.
   */
  run(signal: AbortSignal): Promise<void> {
    const end = (): void => {
      if (!this.#rounds.isWanted) this.#ended.abort();
    };
    this.#stopping = signal;
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    return this.#rounds.run(this.#ended.signal);
  }

  /**
   * Stop wanting the lease and give it back; put the original back before, for afterwards it is
   * not this controller's to do. Never throws: a lease that could not be given back lapses.
   */
  giveUp(): Promise<void> {
    if (this.#stopping?.aborted) this.#ended.abort();
    return this.#rounds.giveUp();
  }

  async #acquire(): Promise<{ isUnanswered: boolean }> {
    const { store, target, holder, ttlMs, clock, onGranted } = this.#options;
    const askedMs = clock.monotonicMs();
    const outcome = await store.acquire({ target, holder, ttlMs });
    this.#heard(outcome);
    switch (outcome.kind) {
      case 'granted':
        this.#lease.granted(outcome.token, askedMs);
        onGranted?.(outcome.token);
        break;
      case 'held':
        this.#lease.lost(`held by ${outcome.by}`);
        break;
      case 'settling':
        this.#lease.lost('the lease store knows no holders since its restart: they may come');
        break;
      case 'away':
        this.#lease.lost(`the lease store is away: ${outcome.why}`);
    }
    return { isUnanswered: false };
  }

  async #renew(): Promise<{ isUnanswered: boolean }> {
    const { store, target, holder, ttlMs, clock } = this.#options;
    const token = this.#lease.grantedToken ?? 0;
    const askedMs = clock.monotonicMs();
    const outcome = await store.renew({ target, holder, token, ttlMs });
    this.#heard(outcome);
    if (outcome.kind === 'ours') this.#lease.renewed(askedMs);
    else if (outcome.kind === 'lost') this.#lease.lost(lostTo(outcome.by));
    else if (!this.#lease.isHeld) this.#lease.lost(`the lease store is away: ${outcome.why}`);
    return { isUnanswered: outcome.kind === 'away' && this.#lease.isHeld };
  }

  async #release(): Promise<void> {
    const { store, target, holder } = this.#options;
    const token = this.#lease.takeBack();
    if (token !== undefined) await store.release({ target, holder, token });
  }

  #heard(outcome: { kind: string; why?: string }): void {
    const why = outcome.kind === 'away' ? (outcome.why ?? '') : '';
    if (why === this.#storeWhy) return;
    this.#storeWhy = why;
    this.#options.onStore?.(why);
  }
}

/** In words, why a renewal was refused. */
export function lostTo(by: string): string {
  return by === '' ? 'another had it since' : `held by ${by}`;
}
