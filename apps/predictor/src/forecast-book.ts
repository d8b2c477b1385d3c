import type { BurstForecast } from '@levitate/forecast';
import type { Sample } from '@levitate/series';
import { type Forecaster, LinkForecasts } from './link-forecasts.ts';
import { saneSample } from './sane-sample.ts';

/** @see ForecastBook */
export interface ForecastBookOptions {
  newForecaster: (link: string) => Forecaster;
  /** Links followed at once. */
  linksMax: number;
  /** @see LinkForecastsOptions */
  staleAfterMs: number;
  /** A link silent for longer is forgotten. */
  forgetAfterMs: number;
  /** Told of every forecaster that failed, with its link. */
  onFailure?: (link: string, error: unknown) => void;
  /** Told before a link is forgotten. */
  onForget?: (link: string, forecasts: LinkForecasts) => void;
}

/** What became of a batch of samples. */
export interface Learnt {
  learnt: number;
  /** Of a new link while `linksMax` links are followed. */
  refused: number;
  /** Without a believable time. */
  malformed: number;
}

/**
 * The forecasts of all links: samples in, one forecast per link and tick out. No clock of its own:
 * `nowMs` is monotonic time and only tells how long a link has been silent; everything else goes by
 * the samples' times.
 */
export class ForecastBook {
  readonly #options: ForecastBookOptions;
  readonly #links = new Map<string, LinkForecasts>();

  constructor(options: ForecastBookOptions) {
    this.#options = options;
  }

  /** Links followed. */
  get size(): number {
    return this.#links.size;
  }

  /** Learn samples of any links, in time order within a link. */
  learn(samples: readonly Sample[], nowMs: number): Learnt {
    const outcome: Learnt = { learnt: 0, refused: 0, malformed: 0 };
    for (const given of samples) {
      const sample = saneSample(given);
      const forecasts = sample === undefined ? undefined : this.#place(sample.link, nowMs);
      if (sample === undefined) outcome.malformed += 1;
      else if (forecasts === undefined) outcome.refused += 1;
      else {
        forecasts.learn(sample, nowMs);
        outcome.learnt += 1;
      }
    }
    return outcome;
  }

  /** One forecast per link, and the end of links that have long been silent. */
  tick(nowMs: number): BurstForecast[] {
    return this.due(nowMs).map((link) => link.forecast(nowMs));
  }

  /** The links that a tick forecasts, after those that have long been silent were let go. */
  due(nowMs: number): LinkForecasts[] {
    this.#forgetSilent(nowMs);
    return [...this.#links.values()];
  }

  /** One link, if it is followed. */
  get(link: string): LinkForecasts | undefined {
    return this.#links.get(link);
  }

  /** Every link by name. */
  entries(): [string, LinkForecasts][] {
    return [...this.#links].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  #place(link: string, nowMs: number): LinkForecasts | undefined {
    const known = this.#links.get(link);
    if (known !== undefined) return known;
    const { linksMax, newForecaster, staleAfterMs, onFailure } = this.#options;
    if (this.#links.size >= linksMax) this.#forgetSilent(nowMs);
    if (this.#links.size >= linksMax) return undefined;
    const forecasts = new LinkForecasts({
      link,
      newForecaster,
      staleAfterMs,
      nowMs,
      onFailure: (error) => onFailure?.(link, error),
    });
    this.#links.set(link, forecasts);
    return forecasts;
  }

  #forgetSilent(nowMs: number): void {
    for (const [link, forecasts] of this.#links) {
      if (forecasts.silentMs(nowMs) <= this.#options.forgetAfterMs) continue;
      this.#options.onForget?.(link, forecasts);
      this.#links.delete(link);
    }
  }
}
