import { type Claim, ClaimLedger } from '@levitate/forecast';
import { median } from '@levitate/series';

/** A forecast of one second: the onset it names, or none. Milliseconds of the trace. */
export interface SecondForecast {
  atMs: number;
  tauMs: number | undefined;
}

/** Which part of a trace counts: from its fifth burst on nobody has the excuse not to know. */
export const COUNTED_FROM_BURST = 5;
/** Claims that name an onset in the last second cannot be judged. */
const LAST_MS = 1000;

/** Sums over traces by the rule "by claims" of SPEC 3.1. */
export class ClaimTally {
  #onsets = 0;
  #hits = 0;
  #falseAlarms = 0;
  readonly #leadsMs: number[] = [];

  get onsets(): number {
    return this.#onsets;
  }

  /** 0/0 counts as 1 (BENCHES). */
  get precision(): number {
    const claims = this.#hits + this.#falseAlarms;
    return claims === 0 ? 1 : this.#hits / claims;
  }

  get recall(): number {
    return this.#onsets === 0 ? 1 : this.#hits / this.#onsets;
  }

  /** Median lead, seconds; 0 without a hit. */
  get leadS(): number {
    return (median(this.#leadsMs) ?? 0) / 1000;
  }

  /**
   * Score one trace. Forecasts and onsets in time order; claims opened before the fourth onset or
   * with C in the last second do not count, nor do the onsets before the fifth.
   */
  add(trace: {
    forecasts: readonly SecondForecast[];
    onsetsMs: readonly number[];
    endMs: number;
  }): void {
    const { forecasts, onsetsMs, endMs } = trace;
    const countedFromMs = onsetsMs[COUNTED_FROM_BURST - 2];
    if (countedFromMs === undefined) return;
    const ledger = new ClaimLedger();
    const judge = (claims: readonly Claim[]) => {
      for (const { openedMs, claimedMs, onsetMs } of claims) {
        const counts = openedMs >= countedFromMs && claimedMs <= endMs - LAST_MS;
        if (counts && onsetMs === undefined) this.#falseAlarms += 1;
      }
    };
    let next = 0;
    const onsetsTo = (atMs: number) => {
      for (; (onsetsMs[next] ?? Number.POSITIVE_INFINITY) <= atMs; next++) {
        this.#onset(ledger, { atMs: onsetsMs[next] as number, index: next });
      }
    };
    for (const { atMs, tauMs } of forecasts) {
      onsetsTo(atMs);
      judge(ledger.settle(atMs));
      if (tauMs !== undefined) judge(ledger.forecast({ atMs, tauMs }));
    }
    onsetsTo(endMs);
    judge(ledger.settle(Number.POSITIVE_INFINITY));
  }

  #onset(ledger: ClaimLedger, { atMs, index }: { atMs: number; index: number }): void {
    const claim = ledger.onset({ atMs });
    if (index < COUNTED_FROM_BURST - 1) return;
    this.#onsets += 1;
    if (claim === undefined) return;
    this.#hits += 1;
    this.#leadsMs.push(atMs - claim.openedMs);
  }
}
