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

  learn({ sample, onset }: ObservedSample): void {
    this.#nowMs = sample.timeUnixMs;
    if (!onset) return;
    this.#onsetsMs.push(onset.timeUnixMs);
    if (this.#onsetsMs.length > ONSETS_MAX) this.#onsetsMs.shift();
  }

  forecast(horizonS: number): OnsetForecast {
    const last = this.#onsetsMs.at(-1);
    if (last === undefined || this.#onsetsMs.length < 2) return { abstained: 'too-few-onsets' };
    const train = fitTrain(this.#onsetsMs);
    if (!train) return { abstained: 'not-periodic' };
    const sinceS = (this.#nowMs - last) / 1000;
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
  periodS: number;
  /** Standard deviation of one interval. */
  sdS: number;
  intervals: number;
}

function fitTrain(onsetsMs: readonly number[]): Train | undefined {
  const gapsS: number[] = [];
  for (let i = 1; i < onsetsMs.length; i++) {
    gapsS.push(((onsetsMs[i] as number) - (onsetsMs[i - 1] as number)) / 1000);
  }
  const guess = median(gapsS);
  let total = 0;
  let periods = 0;
  const folded: { gapS: number; periods: number }[] = [];
  for (const gapS of gapsS) {
    const n = Math.round(gapS / guess);
    if (n < 1 || n > SILENT_PERIODS_MAX) continue;
    folded.push({ gapS, periods: n });
    total += gapS;
    periods += n;
  }
  // A train most of whose gaps are no multiple of its median gap is none.
  if (folded.length * 2 <= gapsS.length) return undefined;
  const periodS = total / periods;
  let squares = 0;
  for (const { gapS, periods: n } of folded) squares += (gapS - n * periodS) ** 2 / n;
  const degrees = PRIOR_WEIGHT + folded.length - 1;
  const sdS = Math.sqrt((PRIOR_WEIGHT * PRIOR_SD_S ** 2 + squares) / degrees);
  if (sdS > IRREGULARITY_MAX * periodS) return undefined;
  return { periodS, sdS, intervals: folded.length };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
