import type { Clock } from '@levitate/clock';
import { CircuitBreaker, type Mode, modePermits } from '@levitate/control';
import type { AgentCalls } from './batched-agent.ts';
import { type LeaseGrant, LeaseKeeper } from './lease-keeper.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { TargetAuthority } from './operated-target.ts';

/** Why a change that the envelope allowed is not made; closed set, joins the core's reasons. */
export type HeldReason =
  | 'mode-observe'
  | 'mode-recommend'
  | 'paused'
  | 'canary-wait'
  | 'breaker-open'
  | 'lease-not-held'
  | 'retry-wait';

/** Orders of operators, which go over the configuration. */
export interface Orders {
  /** `undefined`: as configured. */
  mode(target: string): Mode | undefined;
  /** The pause in force; `undefined`: none. */
  pause(nowUnixMs: number): unknown;
}

/** @see ChangeAuthority */
export interface ChangeAuthorityOptions {
  target: string;
  link: string;
  configuredMode: Mode;
  orders: Orders;
  /** Whether the roll-out by stages has reached its host; asked on every tick. */
  canaryEnforces: () => boolean;
  breaker: { failuresMax: number; coolOffMs: number };
  holder: string;
  leases?: LeaseStore | undefined;
  leaseTtlMs: number;
  agent: AgentCalls;
  clock: Clock;
  onGranted: (grant: LeaseGrant) => void;
  onLost: (why: string) => void;
  onBreakerOpen: (failures: number) => void;
}

/** Wait after the n-th failed change in a row: n^2 of this, milliseconds. */
const retryMs = 200;

/**
 * Whether one target may be changed now: mode, kill switch, circuit breaker and lease, in that
 * order. The lease is held exactly while the first three allow changes; giving it back is what
 * makes the agent restore the original.
 */
export class ChangeAuthority implements TargetAuthority {
  readonly #options: ChangeAuthorityOptions;
  readonly #breaker: CircuitBreaker;
  readonly #lease: LeaseKeeper;
  #retryAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ChangeAuthorityOptions) {
    const { leaseTtlMs: ttlMs, ...rest } = options;
    this.#options = options;
    this.#breaker = new CircuitBreaker(options.breaker);
    this.#lease = new LeaseKeeper({ ...rest, ttlMs });
  }

  get mode(): Mode {
    return this.#options.orders.mode(this.#options.target) ?? this.#options.configuredMode;
  }

  get isPaused(): boolean {
    return this.#options.orders.pause(this.#options.clock.unixMs()) !== undefined;
  }

  get isBreakerOpen(): boolean {
    return this.#breaker.state(this.#options.clock.monotonicMs()) === 'open';
  }

  get isLeaseHeld(): boolean {
    return this.#lease.isHeld;
  }

  /** Fencing token to change with; `undefined` while the lease is not held. */
  get token(): number | undefined {
    return this.#lease.token;
  }

  /** Why the target must not be changed; `undefined`: it may. */
  held(): HeldReason | undefined {
    const byOrder = this.#heldByOrder();
    if (byOrder !== undefined) return byOrder;
    if (!this.#lease.isHeld) return 'lease-not-held';
    return this.#options.clock.monotonicMs() < this.#retryAtMs ? 'retry-wait' : undefined;
  }

  /** Take or give back the lease as orders and breaker now have it; call it on every tick. */
  review(): void {
    this.#lease.want(this.#heldByOrder() === undefined);
  }

  /** Keep the lease until `signal` aborts. */
  run(signal: AbortSignal): Promise<void> {
    this.review();
    return this.#lease.run(signal);
  }

  /** Give the lease back now; the next review may want it again. */
  giveUp(): Promise<void> {
    return this.#lease.giveUp();
  }

  changed(): void {
    this.#breaker.recordSuccess(this.#options.clock.monotonicMs());
  }

  /** The agent tried and could not. */
  changeFailed(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const outcome = this.#breaker.recordFailure(nowMs);
    const { failures } = this.#breaker;
    this.#retryAtMs = nowMs + retryMs * failures ** 2;
    if (outcome !== 'opened') return;
    this.#options.onBreakerOpen(failures);
    this.review();
  }

  /** The agent refused the lease or did not answer. */
  leaseLost(why: string): void {
    this.#lease.lose(why);
  }

  /** An operator has looked at it. */
  resetBreaker(): void {
    this.#breaker.reset();
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
    this.review();
  }

  #heldByOrder(): HeldReason | undefined {
    const { decide, change } = modePermits(this.mode);
    if (!decide) return 'mode-observe';
    if (!change) return 'mode-recommend';
    if (this.isPaused) return 'paused';
    if (!this.#options.canaryEnforces()) return 'canary-wait';
    return this.isBreakerOpen ? 'breaker-open' : undefined;
  }
}
