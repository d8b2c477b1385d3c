import { strict as assert } from 'node:assert';
import { median } from '@levitate/series';
import { type Claim, ClaimLedger, type ClaimLedgerOptions } from './claim-ledger.ts';

/** Event-level score of a forecaster (SPEC 3.1). */
export interface ClaimScore {
  /** Onsets seen: hits + misses. */
  onsets: number;
  hits: number;
  misses: number;
  falseAlarms: number;
  /** hits / (hits + falseAlarms); undefined without claims. */
  precision: number | undefined;
  /** hits / onsets; undefined without onsets. */
  recall: number | undefined;
  /** Onset minus opening forecast, per hit, oldest first, milliseconds; the newest ones only. */
  leadsMs: number[];
  leadMsMedian: number | undefined;
  /**
   * Share of the time in which an onset would have been a hit, 0..1: the recall that an onset at a
   * random time gets from these claims. Undefined while no time has passed.
   */
  dutyRatio: number | undefined;
}

/** One forecast, as far as claims go. */
export interface ClaimForecast {
  /** When it was made, milliseconds. */
  atMs: number;
  /** The onset it names; undefined when it predicts none. */
  tauMs: number | undefined;
  /** What it gives that, 0..1; kept with the claim that it opens. */
  probability?: number | undefined;
}

/** Bounds of a scorer. */
export interface ClaimScorerOptions extends ClaimLedgerOptions {
  /** Onsets in `recent()`. Default 6 (SPEC 4.1). */
  windowOnsets?: number;
  /** Leads kept for `total()`. Default 256. */
  leadsMax?: number;
}

/**
 * Scores one forecaster while it runs: every forecast and every onset in time order, totals and a
 * running window out. Memory is bounded by `claimsMax`, `windowOnsets` and `leadsMax`.
 *
 * Onsets may be reported late, as detectors do, up to `onsetDelayMs`; the result is the same. A
 * forecast made more than 1 s before the newest one says that the clock stepped back: the open
 * claims are abandoned, neither hits nor false alarms.
 */
export class ClaimScorer {
  readonly #ledger: ClaimLedger;
  readonly #windowOnsets: number;
  readonly #leadsMax: number;
  readonly #total = emptyEpoch();
  readonly #leadsMs: number[] = [];
  /** One per onset of the window, what happened since the onset before it. */
  readonly #epochs: Epoch[] = [];
  #epoch = emptyEpoch();
  #nowMs: number | undefined;

  constructor(options: ClaimScorerOptions = {}) {
    this.#ledger = new ClaimLedger(options);
    this.#windowOnsets = options.windowOnsets ?? 6;
    this.#leadsMax = options.leadsMax ?? 256;
    assert(this.#windowOnsets >= 1 && this.#leadsMax >= 1);
  }

  /** Claims that may still come true. */
  get pending(): readonly Readonly<Claim>[] {
    return this.#ledger.claims.filter((claim) => claim.onsetMs === undefined);
  }

  /**
   * A forecast made at `atMs`; `tauMs` is the onset it names, undefined when it predicts none.
   * Forecasts without a burst count too: they let time pass.
   * @returns claims that have just turned out false
   */
  forecast(at: ClaimForecast): readonly Claim[] {
    const { atMs, tauMs, probability } = at;
    const late = this.#pass(atMs);
    if (tauMs === undefined) return late;
    return [...late, ...this.#book(this.#ledger.forecast({ atMs, tauMs, probability }))];
  }

  /** A burst started at `atMs`. @returns the claim it took, if one announced it */
  onset({ atMs }: { atMs: number }): Claim | undefined {
    const taken = this.#ledger.onset({ atMs });
    this.#epoch.onsets = 1;
    this.#total.onsets += 1;
    if (taken !== undefined) {
      const leadMs = atMs - taken.openedMs;
      this.#epoch.leadMs = leadMs;
      this.#epoch.hits = 1;
      this.#total.hits += 1;
      this.#leadsMs.push(leadMs);
      if (this.#leadsMs.length > this.#leadsMax) this.#leadsMs.shift();
    }
    this.#epochs.push(this.#epoch);
    if (this.#epochs.length > this.#windowOnsets) this.#epochs.shift();
    this.#epoch = emptyEpoch();
    return taken;
  }

  /** The forecaster could not be judged for a while: open claims are neither hit nor false. */
  abandon(): void {
    this.#ledger.abandon();
    this.#nowMs = undefined;
  }

  /** Nothing more will come: every open claim is settled as it stands. */
  finish(): void {
    this.#book(this.#ledger.settle(Number.POSITIVE_INFINITY));
  }

  /** Everything since the start. */
  total(): ClaimScore {
    return score({ epochs: [this.#total], leadsMs: [...this.#leadsMs] });
  }

  /** The last `windowOnsets` onsets, with everything since the onset before the first of them. */
  recent(): ClaimScore {
    const epochs = [...this.#epochs, this.#epoch];
    return score({ epochs, leadsMs: epochs.flatMap((epoch) => epoch.leadMs ?? []) });
  }

  /** @returns claims that turned out false */
  #pass(nowMs: number): readonly Claim[] {
    assert(Number.isFinite(nowMs), 'the time of a forecast is finite');
    const beforeMs = this.#nowMs ?? nowMs;
    if (nowMs < beforeMs - CLOCK_STEP_MS) this.#ledger.abandon();
    if (nowMs > beforeMs) {
      const coveredMs = this.#coveredMs({ fromMs: beforeMs, toMs: nowMs });
      for (const epoch of [this.#epoch, this.#total]) {
        epoch.coveredMs += coveredMs;
        epoch.elapsedMs += nowMs - beforeMs;
      }
    }
    this.#nowMs = nowMs < beforeMs - CLOCK_STEP_MS ? nowMs : Math.max(beforeMs, nowMs);
    return this.#book(this.#ledger.settle(nowMs));
  }

  /** @returns those of them that are false alarms */
  #book(settled: readonly Claim[]): readonly Claim[] {
    if (settled.length === 0) return settled;
    const falseAlarms = settled.filter(({ onsetMs }) => onsetMs === undefined);
    this.#epoch.falseAlarms += falseAlarms.length;
    this.#total.falseAlarms += falseAlarms.length;
    return falseAlarms;
  }

  /** Length of the part of [from, to] in which an onset would have found a claim. */
  #coveredMs({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
    const { claims, toleranceMs } = this.#ledger;
    const spans = claims
      .map((claim) => ({
        startMs: Math.max(fromMs, claim.openedMs, claim.claimedMs - toleranceMs),
        endMs: Math.min(toMs, claim.claimedMs + toleranceMs),
      }))
      .sort((one, other) => one.startMs - other.startMs);
    let coveredMs = 0;
    let reachedMs = fromMs;
    for (const { startMs, endMs } of spans) {
      coveredMs += Math.max(0, endMs - Math.max(startMs, reachedMs));
      reachedMs = Math.max(reachedMs, endMs);
    }
    return coveredMs;
  }
}

interface Epoch {
  onsets: number;
  hits: number;
  falseAlarms: number;
  leadMs?: number;
  coveredMs: number;
  elapsedMs: number;
}

function emptyEpoch(): Epoch {
  return { onsets: 0, hits: 0, falseAlarms: 0, coveredMs: 0, elapsedMs: 0 };
}

function score({ epochs, leadsMs }: { epochs: readonly Epoch[]; leadsMs: number[] }): ClaimScore {
  const sum = emptyEpoch();
  for (const epoch of epochs) {
    sum.onsets += epoch.onsets;
    sum.hits += epoch.hits;
    sum.falseAlarms += epoch.falseAlarms;
    sum.coveredMs += epoch.coveredMs;
    sum.elapsedMs += epoch.elapsedMs;
  }
  const { onsets, hits, falseAlarms, coveredMs, elapsedMs } = sum;
  return {
    onsets,
    hits,
    misses: onsets - hits,
    falseAlarms,
    precision: hits + falseAlarms === 0 ? undefined : hits / (hits + falseAlarms),
    recall: onsets === 0 ? undefined : hits / onsets,
    leadsMs,
    leadMsMedian: median(leadsMs),
    dutyRatio: elapsedMs === 0 ? undefined : coveredMs / elapsedMs,
  };
}

/** A forecast this much older than the newest one is a clock that stepped back. */
const CLOCK_STEP_MS = 1000;
