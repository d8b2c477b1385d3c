import { median } from '@levitate/series';
import type { ObservedSample } from './burst-forecast.ts';
import type { OnsetForecast, OnsetForecaster } from './onset-forecast.ts';
import { normalCdf } from './student.ts';

/** Onsets remembered; a period that drifts is followed. */
const ONSETS_MAX = 12;
/** Spread of one interval assumed before any was seen, seconds, and the intervals it is worth. */
const PRIOR_SD_S = 0.25;
const PRIOR_WEIGHT = 4;
/** A spread above this share of the period is no period. */
const IRREGULARITY_MAX = 0.15;
/** Periods without an onset after which the train is taken to have ended. */
const SILENT_PERIODS_MAX = 3;
/** An onset this share of a period off its turn belongs to something else. */
const TURN_SHARE = 0.15;
/** So many of the last onsets may be out of turn. */
const STRAYS_MAX = 3;
/** An onset is overdue, not missed, until this many standard deviations after its time. */
const OVERDUE_SD = 5;
const OVERDUE_S = 0.1;

/**
 * Onsets at regular intervals, each interval with a spread of its own (a renewal process, so
 * spread adds up over periods without an onset). The interval is the median of those seen,
 * multiples of it counting as onsets missed in between.
 */
export class PeriodicForecaster implements OnsetForecaster {
  readonly name = 'periodic';
  #onsetsMs: number[] = [];
  #nowMs = 0;
  /** Of the onsets so far; undefined: not fitted to the newest one yet. */
  #fitted: { train: Train | undefined } | undefined;

  learn({ sample, onset }: ObservedSample): void {
    this.#nowMs = sample.timeUnixMs;
    if (!onset) return;
    this.#onsetsMs.push(onset.timeUnixMs);
    if (this.#onsetsMs.length > ONSETS_MAX) this.#onsetsMs.shift();
    this.#fitted = undefined;
  }

  forecast(horizonS: number): OnsetForecast {
    if (this.#onsetsMs.length < 2) return { abstained: 'too-few-onsets' };
    this.#fitted ??= { train: fitTrain(this.#onsetsMs) };
    const { train } = this.#fitted;
    if (!train) return { abstained: 'not-periodic' };
    const sinceS = (this.#nowMs - train.lastMs) / 1000;
    for (let periods = 1; periods <= SILENT_PERIODS_MAX; periods++) {
      const timeS = periods * train.periodS - sinceS;
      // The mean interval is uncertain too: `periods` of them add up periods^2 / n of its variance.
      const sdS = train.sdS * Math.sqrt(periods + periods ** 2 / train.intervals);
      if (timeS < -(OVERDUE_SD * sdS + OVERDUE_S)) continue;
      const passed = normalCdf(-timeS / sdS);
      const within = normalCdf((horizonS - timeS) / sdS);
      // Not yet seen, so it lies ahead: the part of its distribution behind us is cut off.
      const probability = Math.min(1, (within - passed) / Math.max(1e-6, 1 - passed));
      if (probability < 0.5) return { abstained: 'outside-horizon', probability };
      return { timeS, sdS, probability };
    }
    return { abstained: 'not-periodic' };
  }
}

interface Train {
  /** Last onset that belongs to it. */
  lastMs: number;
  periodS: number;
  /** Standard deviation of one interval. */
  sdS: number;
  intervals: number;
}

/** The gaps of a train, each with the periods it spans, newest first. */
interface Chain {
  lastMs: number;
  gaps: { gapS: number; periods: number }[];
}

function fitTrain(onsetsMs: readonly number[]): Train | undefined {
  const gapsS: number[] = [];
  for (let i = 1; i < onsetsMs.length; i++) {
    gapsS.push(((onsetsMs[i] as number) - (onsetsMs[i - 1] as number)) / 1000);
  }
  const guessS = median(gapsS);
  if (guessS === undefined) return undefined;
  const { lastMs, gaps } = longestChain(onsetsMs, guessS);
  // A train that most onsets do not belong to is none.
  if (gaps.length === 0 || (gaps.length + 1) * 2 <= onsetsMs.length) return undefined;
  const total = gaps.reduce((sum, { gapS }) => sum + gapS, 0);
  const periodS = total / gaps.reduce((sum, { periods }) => sum + periods, 0);
  let squares = 0;
  for (const { gapS, periods } of gaps) squares += (gapS - periods * periodS) ** 2 / periods;
  const degrees = PRIOR_WEIGHT + gaps.length - 1;
  const sdS = Math.sqrt((PRIOR_WEIGHT * PRIOR_SD_S ** 2 + squares) / degrees);
  if (sdS > IRREGULARITY_MAX * periodS) return undefined;
  return { lastMs, periodS, sdS, intervals: gaps.length };
}

/**
 * The train that ends at one of the last onsets and has most of them: a burst out of turn must not
 * move the clock by which the others come.
 */
function longestChain(onsetsMs: readonly number[], guessS: number): Chain {
  let longest: Chain = { lastMs: onsetsMs.at(-1) ?? 0, gaps: [] };
  const oldest = Math.max(0, onsetsMs.length - STRAYS_MAX - 1);
  for (let end = onsetsMs.length - 1; end >= oldest; end--) {
    const chain = chainTo(onsetsMs, { end, guessS });
    if (chain.gaps.length > longest.gaps.length) longest = chain;
  }
  return longest;
}

function chainTo(onsetsMs: readonly number[], at: { end: number; guessS: number }): Chain {
  const chain: Chain = { lastMs: onsetsMs[at.end] as number, gaps: [] };
  let memberMs = chain.lastMs;
  for (let i = at.end - 1; i >= 0; i--) {
    const gapS = (memberMs - (onsetsMs[i] as number)) / 1000;
    const periods = Math.round(gapS / at.guessS);
    if (periods < 1) continue;
    if (periods > SILENT_PERIODS_MAX) break;
    if (Math.abs(gapS - periods * at.guessS) > TURN_SHARE * at.guessS * periods) continue;
    chain.gaps.push({ gapS, periods });
    memberMs = onsetsMs[i] as number;
  }
  return chain;
}
