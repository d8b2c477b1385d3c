import type { ObservedSample } from './burst-forecast.ts';
import type { Claim } from './claim-ledger.ts';
import { type ClaimForecast, type ClaimScore, ClaimScorer } from './claim-scorer.ts';
import type { OnsetForecast, OnsetForecaster } from './onset-forecast.ts';
import { Reliability } from './reliability.ts';

/** From here on a forecaster is as good as certain, and is judged by what it says then. */
const CERTAIN = 0.98;
/**
 * An onset so near to the claimed time makes the claim true. Wider than the second of the public
 * score: confidence says whether a burst comes, `timeSdS` how well its time is known.
 */
const TOLERANCE_MS = 2000;
/** Onsets that a contender's record goes back over: enough to tell, few enough to notice change. */
const RECORD_ONSETS = 12;
/** Outcomes, half of them good, that a contender without a record is taken to have. */
const PRIOR_OUTCOMES = 2;

/** What a contender says, and how far that is to be believed. */
export interface Believed {
  onset: OnsetForecast;
  /** Calibrated: probability of an onset within the horizon, 0..1. */
  confidence: number;
}

/**
 * One onset forecaster with its record on this link. What it says when it is as good as certain is
 * judged apart from the rest: an early guess that comes to nothing says little about the late one.
 * One that is calibrated says itself how sure it is, and is judged by that.
 */
export class Contender {
  readonly #forecaster: OnsetForecaster;
  readonly #scorer = new ClaimScorer({ windowOnsets: RECORD_ONSETS });
  readonly #all = new Claims();
  readonly #certain = new Claims();

  constructor(forecaster: OnsetForecaster) {
    this.#forecaster = forecaster;
  }

  get name(): string {
    return this.#forecaster.name;
  }

  /** @see OnsetForecaster */
  get isCalibrated(): boolean {
    return this.#forecaster.isCalibrated === true;
  }

  score(): ClaimScore {
    return this.#scorer.total();
  }

  /** Of its last `RECORD_ONSETS` onsets. */
  recentScore(): ClaimScore {
    return this.#scorer.recent();
  }

  /** Share of good outcomes among hits, misses and false alarms of late on this link, 0..1. */
  record(): number {
    const { hits, misses, falseAlarms } = this.recentScore();
    return (hits + PRIOR_OUTCOMES / 2) / (hits + misses + falseAlarms + PRIOR_OUTCOMES);
  }

  learn(observed: ObservedSample): void {
    const { onset } = observed;
    if (onset) {
      this.#scorer.onset({ atMs: onset.timeUnixMs });
      this.#all.onset(onset.timeUnixMs);
      this.#certain.onset(onset.timeUnixMs);
    }
    this.#forecaster.learn(observed);
  }

  /** @param at `mayClaim`: this forecast counts as the one of its second */
  forecast(at: { horizonS: number; madeUnixMs: number; mayClaim: boolean }): Believed {
    const onset = this.#forecaster.forecast(at.horizonS);
    const probability = onset.probability ?? 0;
    const isCertain = probability >= CERTAIN;
    if (at.mayClaim) {
      const atMs = at.madeUnixMs;
      const tauMs =
        onset.abstained === undefined ? atMs + Math.max(0, onset.timeS) * 1000 : undefined;
      this.#scorer.forecast({ atMs, tauMs });
      this.#all.forecast({ atMs, tauMs, probability });
      this.#certain.forecast({ atMs, tauMs: isCertain ? tauMs : undefined, probability });
    }
    if (this.isCalibrated) return { onset, confidence: this.#all.recalibrated(probability) };
    const claims = isCertain ? this.#certain : this.#all;
    return { onset, confidence: probability * claims.hitRate() };
  }
}

/** Claims of one kind, scored, and what their outcomes say of the next one. */
class Claims {
  readonly #scorer = new ClaimScorer({ toleranceMs: TOLERANCE_MS });
  readonly #reliability = new Reliability();

  forecast(forecast: ClaimForecast): void {
    for (const claim of this.#scorer.forecast(forecast)) this.#observe(claim, false);
  }

  onset(atMs: number): void {
    const taken = this.#scorer.onset({ atMs });
    if (taken !== undefined) this.#observe(taken, true);
  }

  hitRate(): number {
    return this.#reliability.hitRate(this.#duty());
  }

  recalibrated(probability: number): number {
    return this.#reliability.recalibrated(probability, this.#duty());
  }

  #observe({ probability = 1 }: Claim, cameTrue: boolean): void {
    this.#reliability.observe({ cameTrue, stated: probability });
  }

  #duty(): number {
    return this.#scorer.recent().dutyRatio ?? 0;
  }
}
