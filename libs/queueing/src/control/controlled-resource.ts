/** Length of a control period of the bench, milliseconds. */
export const controlPeriodMs = 100;

/** What a controller may know of the period that just ended, whatever the resource. */
export interface Reading {
  /** End of the period, milliseconds from the start of the simulation. */
  nowMs: number;
  intervalMs: number;
  /** Size in force now, in the resource's unit. */
  size: number;
  /** Size asked for last; differs from `size` while a change is on its way. */
  requested: number;
  /** Room the period asked for, in the resource's unit: high-water mark plus `dropped`. */
  need: number;
  /** The part of `need` that was rejected. */
  dropped: number;
  arrived: number;
  served: number;
  rejected: number;
  /** Longest time beyond its own service that a request of the period has seen, seconds. */
  delaySecondsMax: number;
}

/** Sums since counting began, of requests that arrived since then. */
export interface ResourceTotals {
  arrived: number;
  served: number;
  /** Dropped, or given up after waiting for a second. */
  rejected: number;
  /**
   * 99th percentile of what the served ones took beyond their own service on an idle resource,
   * seconds; `undefined` where delay is bounded by the size itself and costs nothing (buffer).
   */
  delayP99Seconds: number | undefined;
  /** Mean of what counted as reserved, over peak demand; memory adds the share of its collector. */
  reservedOverPeak: number;
  /** Requests that changed the wanted size. */
  changes: number;
  elapsedSeconds: number;
}

/**
 * A resource in simulation. The caller asks for a size (or another control) between two periods
 * and lets the next period's arrivals come; the resource applies what was asked for after its own
 * delay. What the same trial brings does not depend on what is asked for.
 */
export interface ControlledResource<Control, Arrivals, R extends Reading = Reading> {
  /** Ask for a control now. Out of bounds: the nearest; the same as before: nothing happens. */
  request(control: Control): void;
  /** Let a period of 100 ms pass. @param arrivals of the whole trial, the same in every call */
  advance(arrivals: Arrivals): R;
  /** Forget the sums so far: requests that arrived before now no longer count. */
  startCounting(): void;
  totals(): ResourceTotals;
  /** Requests that are neither served nor rejected yet. */
  readonly inSystem: number;
}
