import type { BurstForecast, ForecasterRecord } from '@levitate/forecast';
import { type Sample, SampleThread } from '@levitate/series';

/** What forecasts one link; `LinkForecaster` of `@levitate/forecast`. */
export interface Forecaster {
  learn(sample: Sample): void;
  forecast(): BurstForecast;
  readonly serving: string;
  scores(): ForecasterRecord[];
}

/** @see LinkForecasts */
export interface LinkForecastsOptions {
  link: string;
  /** Makes a forecaster that knows nothing yet. */
  newForecaster: (link: string) => Forecaster;
  /** A link silent for longer, and for `INTERVALS_MISSED` of its own intervals, has no data. */
  staleAfterMs: number;
  /** Told when a forecaster threw or answered nonsense; a fresh one has taken its place. */
  onFailure: (error: unknown) => void;
}

/**
 * One link: its forecaster, when it was last heard of, its newest forecast. A forecaster that fails
 * costs its own link what it had learnt, and no other link anything.
 */
export class LinkForecasts {
  readonly #options: LinkForecastsOptions;
  readonly #thread = new SampleThread();
  #forecaster: Forecaster;
  #latest: BurstForecast | undefined;
  #heardMs: number;
  #intervalMs = 100;
  #forecastUnixMs = Number.NEGATIVE_INFINITY;

  constructor(options: LinkForecastsOptions & { nowMs: number }) {
    this.#options = options;
    this.#heardMs = options.nowMs;
    this.#forecaster = options.newForecaster(options.link);
  }

  /** The forecast of the newest tick. */
  get latest(): BurstForecast | undefined {
    return this.#latest;
  }

  /** Name of the forecaster that serves. */
  get serving(): string {
    return this.#forecaster.serving;
  }

  /** Running scores on this link. */
  get scores(): ForecasterRecord[] {
    return this.#forecaster.scores();
  }

  /** Milliseconds since a sample brought news. */
  silentMs(nowMs: number): number {
    return nowMs - this.#heardMs;
  }

  /**
   * Learn one sample. Where samples come in bulk (a backlog, a reader that was stopped) the link is
   * forecast in between, about once a second of their time, so that claims and trust are as if it
   * had been followed live.
   */
  learn(sample: Sample, nowMs: number): void {
    const place = this.#thread.place(sample);
    if (place !== 'stale') {
      this.#heardMs = nowMs;
      this.#intervalMs = sample.intervalMs ?? this.#intervalMs;
    }
    this.#guarded(() => {
      this.#forecaster.learn(sample);
      const passedMs = Math.abs(sample.timeUnixMs - this.#forecastUnixMs);
      if (place === 'stale' || passedMs < BULK_FORECAST_MS) return;
      this.#forecastUnixMs = sample.timeUnixMs;
      this.#forecaster.forecast();
    });
  }

  /** The forecast of this tick; always sound. */
  forecast(nowMs: number): BurstForecast {
    const staleMs = Math.max(this.#options.staleAfterMs, INTERVALS_MISSED * this.#intervalMs);
    if (this.silentMs(nowMs) > staleMs && this.#latest !== undefined) {
      this.#latest = withoutData(this.#latest);
      return this.#latest;
    }
    this.#guarded(() => {
      const forecast = this.#forecaster.forecast();
      if (!isSound(forecast)) throw new TypeError(`unsound forecast by ${forecast.model}`);
      this.#latest = this.silentMs(nowMs) > staleMs ? withoutData(forecast) : forecast;
      this.#forecastUnixMs = forecast.madeUnixMs;
    });
    this.#latest ??= blank(this.#options.link);
    return this.#latest;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#forecaster = this.#options.newForecaster(this.#options.link);
      this.#latest = undefined;
      this.#options.onFailure(error);
    }
  }
}

/** What is said of a link whose forecaster has just failed. */
function blank(link: string): BurstForecast {
  const nothing = { q50: 0, q90: 0, q99: 0 };
  return {
    link,
    madeUnixMs: 0,
    horizonS: 0,
    burstPredicted: false,
    confidence: 0,
    timeToBurstS: 0,
    timeSdS: 0,
    magnitude: 1,
    durationS: nothing,
    peakBytesPerSecond: nothing,
    volumeBytes: nothing,
    needBytes: nothing,
    levelBytesPerSecond: [],
    abstained: ['no-data'],
    model: 'none@1',
  };
}

/** The same forecast, saying that nothing is known now. What was learnt of sizes stays in it. */
function withoutData(forecast: BurstForecast): BurstForecast {
  if (forecast.abstained[0] === 'no-data') return forecast;
  return {
    ...forecast,
    burstPredicted: false,
    confidence: 0,
    timeToBurstS: forecast.horizonS,
    timeSdS: 0,
    abstained: ['no-data'],
  };
}

/** Every number finite, the probability one. */
function isSound(forecast: BurstForecast): boolean {
  const { durationS, peakBytesPerSecond, volumeBytes, needBytes, levelBytesPerSecond } = forecast;
  const quantiles = [durationS, peakBytesPerSecond, volumeBytes, needBytes, ...levelBytesPerSecond];
  const { madeUnixMs, horizonS, confidence, timeToBurstS, timeSdS, magnitude } = forecast;
  return (
    [madeUnixMs, horizonS, timeToBurstS, timeSdS, magnitude].every(Number.isFinite) &&
    confidence >= 0 &&
    confidence <= 1 &&
    quantiles.every(({ q50, q90, q99 }) => [q50, q90, q99].every(Number.isFinite))
  );
}

/**
 * The rule of SPEC 3.1 scores one forecast a second; a little more, so that a loop which ticks once
 * a second is not doubled.
 */
const BULK_FORECAST_MS = 1_200;
const INTERVALS_MISSED = 3;
