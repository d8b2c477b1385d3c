import type { ObservedSample, OnsetForecast, OnsetForecaster } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import { sigmoid } from '../logistic-regression.ts';
import { LiveRequestDay } from './live-request-day.ts';
import { ONSET_HORIZON_S, REQUEST_WINDOW_S } from './request-day.ts';
import { REQUEST_ONSETS, type RequestOnsets } from './request-onset-file.ts';

/** Samples of about a second are its own; finer ones belong to the other forecasters. */
const INTERVAL_MS_MIN = 900;
const INTERVAL_MS_MAX = 1_100;
/** It says that a burst comes, not when: the middle of the horizon, evenly spread. */
const MIDDLE_S = ONSET_HORIZON_S / 2;
const SPREAD_S = ONSET_HORIZON_S / Math.sqrt(12);
const ANNOUNCED_FROM = 0.5;

/**
 * The model of request bursts as one more onset forecaster: for links that count requests (new
 * connections) by the second. On any other link it says nothing and is not calibrated.
 */
export class RequestOnsetForecaster implements OnsetForecaster {
  readonly name = REQUEST_ONSETS;
  readonly #onsets: RequestOnsets;
  #day: LiveRequestDay | undefined;
  #isInBurst = false;
  #probability: number | undefined;

  constructor(onsets: RequestOnsets) {
    this.#onsets = onsets;
  }

  /** Once it has seen a minute of requests by the second. */
  get isCalibrated(): boolean {
    return this.#day !== undefined && this.#day.seconds >= REQUEST_WINDOW_S;
  }

  learn({ sample, onset, inBurst }: ObservedSample): void {
    const requests = requestsOf(sample);
    if (requests === undefined) {
      this.#day = undefined;
      this.#probability = undefined;
      return;
    }
    this.#day ??= new LiveRequestDay();
    this.#isInBurst = inBurst;
    this.#day.learn(requests, sample.timeUnixMs);
    if (onset) this.#day.learnOnset(onset.timeUnixMs);
    this.#probability = undefined;
  }

  forecast(horizonS: number): OnsetForecast {
    const day = this.#day;
    if (day === undefined || !this.isCalibrated) return { abstained: 'no-data' };
    const { model, slope, intercept } = this.#onsets;
    this.#probability ??= sigmoid(
      slope * (model.scores(day, [day.newest])[0] as number) + intercept,
    );
    const probability = this.#probability;
    if (probability >= ANNOUNCED_FROM && !this.#isInBurst && horizonS >= ONSET_HORIZON_S) {
      return { timeS: MIDDLE_S, sdS: SPREAD_S, probability };
    }
    return { abstained: this.#isInBurst ? 'in-burst' : 'untrusted', probability };
  }
}

/** Requests of the sample's second; `undefined` where it is not of a second, or counts none. */
function requestsOf({ intervalMs = 0, connectionsPerSecond }: Sample): number | undefined {
  const isOfASecond = intervalMs >= INTERVAL_MS_MIN && intervalMs <= INTERVAL_MS_MAX;
  return isOfASecond ? connectionsPerSecond : undefined;
}
