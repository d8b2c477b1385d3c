import type { BurstForecast } from '@levitate/forecast';
import type { ResourceKind } from './setpoint.ts';
import { ForecastTrust, type Trust } from './trust.ts';

/** A forecast older than this is one from a predictor that is gone. */
const AGE_MS_MAX = 3000;
/** A forecast from further ahead than this was made on another clock. */
const AHEAD_MS_MAX = 1000;
/** A queue acts above this confidence; the gate is for queues (SPEC 4.1). */
const QUEUE_CONFIDENCE = 0.95;
/** Capacity is cheaper to hold for nothing than to miss: from even odds on. */
const CAPACITY_CONFIDENCE = 0.5;

/** Why control does not act on the forecast there is; closed set. */
export type ForecastUnused =
  | Exclude<Trust, 'trusted'>
  | 'predictor-gone'
  | 'forecast-late'
  | 'forecast-incoherent'
  | 'abstained'
  | 'low-confidence';

/** Decides, tick by tick, whether a forecast may be acted on. */
export class ForecastGate {
  readonly #trust = new ForecastTrust();
  readonly #confidence: number;
  /** A forecast comes with ten ticks, and is looked through once. */
  #seen: BurstForecast | undefined;
  #isSeenCoherent = false;

  constructor({ kind }: { kind: ResourceKind }) {
    this.#confidence = kind === 'queue' ? QUEUE_CONFIDENCE : CAPACITY_CONFIDENCE;
  }

  /** A burst started. @returns whether a forecast had announced it */
  onset(atUnixMs: number): boolean {
    return this.#trust.onset(atUnixMs);
  }

  /** Time broke: what was claimed can no longer be judged. */
  forget(): void {
    this.#trust.forget();
  }

  /** @returns why the forecast must not be acted on; `undefined` when it may */
  judge(at: {
    forecast: BurstForecast | undefined;
    nowUnixMs: number;
  }): ForecastUnused | undefined {
    const { forecast, nowUnixMs } = at;
    if (!forecast) return 'predictor-gone';
    if (!this.#isCoherent(forecast)) return 'forecast-incoherent';
    const ageMs = nowUnixMs - forecast.madeUnixMs;
    if (ageMs < -AHEAD_MS_MAX) return 'forecast-incoherent';
    if (ageMs > AGE_MS_MAX) return 'forecast-late';
    this.#trust.forecast(forecast);
    const trust = this.#trust.state;
    if (trust !== 'trusted') return trust;
    if (!forecast.burstPredicted) return 'abstained';
    return forecast.confidence > this.#confidence ? undefined : 'low-confidence';
  }

  #isCoherent(forecast: BurstForecast): boolean {
    if (forecast !== this.#seen) {
      this.#seen = forecast;
      this.#isSeenCoherent = isCoherent(forecast);
    }
    return this.#isSeenCoherent;
  }
}

/** Every number control would act on is finite and in its range. */
function isCoherent(forecast: BurstForecast): boolean {
  const quantiles = [
    forecast.durationS,
    forecast.peakBytesPerSecond,
    forecast.volumeBytes,
    forecast.needBytes,
    ...forecast.levelBytesPerSecond,
  ];
  return (
    Number.isFinite(forecast.madeUnixMs) &&
    Number.isFinite(forecast.timeToBurstS) &&
    Math.abs(forecast.timeToBurstS) <= 3600 &&
    forecast.timeSdS >= 0 &&
    forecast.timeSdS <= 3600 &&
    forecast.confidence >= 0 &&
    forecast.confidence <= 1 &&
    quantiles.every(
      ({ q50, q90, q99 }) => q50 >= 0 && q90 >= q50 && q99 >= q90 && Number.isFinite(q99),
    )
  );
}
