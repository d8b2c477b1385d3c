import type { ObservedSample } from './burst-forecast.ts';
import { type ClaimScore, ClaimScorer } from './claim-scorer.ts';
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

  /** Share of good outcomes among hits, misses and false alarms of late on this link, 0..1. */
  record(): number {
    const { hits, misses, falseAlarms } = this.#scorer.recent();
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
      this.#all.forecast({ atMs, tauMs });
      this.#certain.forecast({ atMs, tauMs: isCertain ? tauMs : undefined });
    }
    const claims = isCertain ? this.#certain : this.#all;
    return { onset, confidence: probability * claims.reliability() };
  }
}

/** Claims of one kind, scored, and what their outcomes say of the next one. */
class Claims {
  readonly #scorer = new ClaimScorer({ toleranceMs: TOLERANCE_MS });
  readonly #reliability = new Reliability();
  #falseAlarms = 0;

  forecast(forecast: { atMs: number; tauMs: number | undefined }): void {
    this.#scorer.forecast(forecast);
    const { falseAlarms } = this.#scorer.total();
    for (; this.#falseAlarms < falseAlarms; this.#falseAlarms++) this.#reliability.observe(false);
  }

  onset(atMs: number): void {
    if (this.#scorer.onset({ atMs }) !== undefined) this.#reliability.observe(true);
  }

  reliability(): number {
    return this.#reliability.probability(this.#scorer.recent().dutyRatio ?? 0);
  }
}
