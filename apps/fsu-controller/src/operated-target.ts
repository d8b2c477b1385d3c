import type { fsuController } from '@levitate/contracts';

/** Whether a target may be changed, as operators and gauges see it. */
export interface TargetAuthority {
  readonly isPaused: boolean;
  readonly isBreakerOpen: boolean;
  readonly isLeaseHeld: boolean;
  /** Why the target must not be changed; `undefined`: it may. */
  held(): string | undefined;
  /** An operator has looked at it. */
  resetBreaker(): void;
}

/** What the service and its operators do with a target, whatever it sizes. */
export interface OperatedTarget {
  readonly name: string;
  /** In its unit, as last known. */
  readonly size: number | undefined;
  readonly authority: TargetAuthority;
  toProto(): fsuController.TargetInit;
  /** Be in charge of it until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Give it back now: original restored, lease released. */
  giveUp(): Promise<void>;
  /**
   * Put its original back, lease or not; an operator's call.
   * @returns the size in force again, where one was noted
   * @throws whatever keeps it from that
   */
  restore(): Promise<number | undefined>;
}

/** The right to change a resource, across controllers. */
export interface ResourceLease {
  /** Undefined: it is held. */
  held(): 'lease-not-held' | undefined;
  /** Why it is not held, in words; empty while it is. */
  readonly why: string;
  /** Whether it should be held; acted upon by `run`. */
  want(isWanted: boolean): void;
  /** Keep it while it is wanted, until `signal` aborts; then give it back. */
  run(signal: AbortSignal): Promise<void>;
  /** Stop wanting it and give it back; never throws. */
  giveUp(): Promise<void>;
}
