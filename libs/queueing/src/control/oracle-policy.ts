import { controlPeriodMs, type Reading } from './controlled-resource.ts';
import type { Policy } from './run-trial.ts';

/** Settings of {@link oraclePolicy}. */
export interface OracleOptions {
  /** What each period of the trial needs where nothing is short: read at the largest size. */
  needs: ArrayLike<number>;
  /** How far it sees, seconds; default 15. */
  aheadSeconds?: number;
  /** Time between two decisions, seconds; default 6, which is 10 changes a minute. */
  everySeconds?: number;
  /** Share of the largest need that it asks for, tuned on training trials; default 1. */
  share?: number;
}

/**
 * A size for every decision that knows what the next 15 s need: the largest of it. No bound on what
 * is possible, for a little wait costs less than room for every peak; `share` is tuned for that.
 */
export function oraclePolicy(options: OracleOptions): Policy<number, Reading> {
  const { needs, aheadSeconds = 15, everySeconds = 6, share = 1 } = options;
  const ahead = Math.round((aheadSeconds * 1000) / controlPeriodMs);
  const every = Math.round((everySeconds * 1000) / controlPeriodMs);
  return ({ nowMs }) => {
    const next = Math.round(nowMs / controlPeriodMs);
    if ((next - 1) % every !== 0) return undefined;
    const end = Math.min(needs.length, next + ahead);
    let largest = 0;
    for (let period = next; period < end; period++) {
      largest = Math.max(largest, needs[period] as number);
    }
    return end > next ? share * largest : undefined;
  };
}
