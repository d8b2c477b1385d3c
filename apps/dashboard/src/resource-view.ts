/** Resources and roll-outs as the browser gets them, as JSON. Types only: the page imports them. */

/** `GET /api/resources`. */
export interface ResourcesView {
  readonly resources: readonly ResourceView[];
  readonly canaries: readonly CanaryView[];
  /** Why there are none to show; empty when the controller answered. */
  readonly why: string;
  /** End of the kill switch, wall clock; 0 until resumed; null while it is not thrown. */
  readonly pausedUntilUnixMs: number | null;
}

/** One target, whatever it sizes; sizes are in its unit. */
export interface ResourceView {
  readonly name: string;
  /** `buffer`, `thread pool`, `memory`, `connection pool`, `load balancer`, `custom`. */
  readonly kind: string;
  readonly source: string;
  readonly unit: string;
  readonly mode: 'observe' | 'recommend' | 'enforce' | 'unknown';
  readonly model: string;
  /** What keeps it from being changed, in words; empty: nothing does. */
  readonly barred: string;
  readonly isTrouble: boolean;
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly original: number;
  readonly utilisation: number;
  readonly setpoint: number;
  readonly force: number;
  readonly latencyBudgetMs: number;
  readonly changes: number;
  readonly refusedChanges: number;
  /** Newest decision that was made or withheld; null: none yet. */
  readonly action: ActionView | null;
  /** Figures of its own. */
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
  readonly shadow: ShadowView | null;
}

/** @see ResourceView.action */
export interface ActionView {
  readonly timeUnixMs: number;
  readonly isApplied: boolean;
  readonly text: string;
}

/** Drops of a queue beside those it would have had otherwise: an estimate. */
export interface ShadowView {
  readonly measuredBytes: number;
  readonly reactiveBytes: number;
  readonly staticBytes: number;
  readonly seconds: number;
}

/** Roll-out of one kind of resource. */
export interface CanaryView {
  readonly kind: string;
  readonly phase: 'idle' | 'soaking' | 'done' | 'rolled-back' | 'unknown';
  readonly stage: number;
  readonly stages: number;
  readonly hosts: number;
  readonly enforcingHosts: readonly string[];
  readonly soakRemainingSeconds: number;
  readonly reason: string;
  readonly enforcing: CanarySideView;
  readonly rest: CanarySideView;
}

/** @see CanaryView */
export interface CanarySideView {
  readonly dropShare: number;
  readonly p99DelayMs: number;
}
