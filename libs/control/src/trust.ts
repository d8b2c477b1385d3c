import { type BurstForecast, binomialTailP, ClaimScorer } from '@levitate/forecast';

/** Chance may explain the hits with at most this probability (SPEC 4.1). */
const CHANCE_MAX = 0.05;
/** Onsets a forecaster must have been judged on; two hits of two beat a duty of 22 %. */
const ONSETS_MIN = 2;

/** Whether the controller acts on a forecaster, and if not, why. */
export type Trust = 'trusted' | 'unproven' | 'missing-onsets' | 'no-better-than-chance';

/**
 * Trust in the forecasts of one target, earned by hits: at least half of the last six onsets were
 * announced, and an alarm that is on as often as this one would not have done so by chance
 * (SPEC 4.1). Cost is not asked: reserve is cheap, so an alarm that is always on would keep it.
 * Onsets before the first claim are not held against a forecaster that was still learning.
 */
export class ForecastTrust {
  #scorer = new ClaimScorer();
  #hasClaimed = false;
  #madeUnixMs = Number.NEGATIVE_INFINITY;
  /** Asked for on every tick, changed by forecasts and onsets only. */
  #state: Trust | undefined = 'unproven';

  /** Take note of a forecast; those that are not newer than the last are ignored. */
  forecast(forecast: BurstForecast): void {
    if (!(forecast.madeUnixMs > this.#madeUnixMs)) return;
    this.#madeUnixMs = forecast.madeUnixMs;
    this.#state = undefined;
    if (forecast.burstPredicted) this.#hasClaimed = true;
    const tauMs = forecast.madeUnixMs + Math.max(0, forecast.timeToBurstS) * 1000;
    this.#scorer.forecast({
      atMs: forecast.madeUnixMs,
      tauMs: forecast.burstPredicted ? tauMs : undefined,
    });
  }

  /** A burst started. @returns whether a forecast had announced it */
  onset(atMs: number): boolean {
    if (!this.#hasClaimed) return false;
    this.#state = undefined;
    return this.#scorer.onset({ atMs }) !== undefined;
  }

  /** The clock stepped or the telemetry had a gap: claims can no longer be judged. */
  forget(): void {
    this.#scorer = new ClaimScorer();
    this.#hasClaimed = false;
    this.#madeUnixMs = Number.NEGATIVE_INFINITY;
    this.#state = 'unproven';
  }

  get state(): Trust {
    this.#state ??= this.#judge();
    return this.#state;
  }

  #judge(): Trust {
    const { onsets, hits, dutyRatio } = this.#scorer.recent();
    if (onsets < ONSETS_MIN) return 'unproven';
    if (hits * 2 < onsets) return 'missing-onsets';
    const probability = Math.min(1, dutyRatio ?? 1);
    const chance = binomialTailP({ successes: hits, trials: onsets, probability });
    return chance < CHANCE_MAX ? 'trusted' : 'no-better-than-chance';
  }
}
