import type { Clock } from '@levitate/clock';
import type { predictor } from '@levitate/contracts';
import type { BurstForecast } from '@levitate/forecast';
import { type Client, reconnecting } from '@levitate/grpc-kit';
import { forecastFromProto } from './forecast-proto.ts';

/** A predictor that has not spoken of a link for this long is gone, milliseconds. */
export const predictorGoneMs = 3_000;

/** Forecasts kept: one per link followed. */
interface Newest {
  forecast: BurstForecast;
  proto: predictor.BurstForecast;
  receivedMs: number;
}

/** @see ForecastFeed */
export interface ForecastFeedOptions {
  client: Pick<Client<predictor.PredictorServiceMethods>, 'streamForecasts'>;
  links: readonly string[];
  clock: Clock;
  /** Told when the predictor comes or goes. */
  onConnection?: (isConnected: boolean, error?: unknown) => void;
  /** Told of every forecast taken. */
  onForecast?: () => void;
}

/**
 * The newest forecast of each link. The loop reads what is there and never waits; a predictor that
 * is away is tried again in the background, its last word counting for three seconds.
 */
export class ForecastFeed {
  readonly #options: ForecastFeedOptions;
  readonly #links: ReadonlySet<string>;
  readonly #newest = new Map<string, Newest>();

  constructor(options: ForecastFeedOptions) {
    this.#options = options;
    this.#links = new Set(options.links);
  }

  /** `undefined` when there is none younger than three seconds. */
  newest(link: string): Newest | undefined {
    const newest = this.#newest.get(link);
    if (newest === undefined) return undefined;
    const ageMs = this.#options.clock.monotonicMs() - newest.receivedMs;
    return ageMs <= predictorGoneMs ? newest : undefined;
  }

  /** Follow until `signal` aborts; resolves then, whatever happened on the way. */
  async run(signal: AbortSignal): Promise<void> {
    const { client, links, onConnection } = this.#options;
    if (links.length === 0) return;
    const messages = reconnecting({
      open: (opened) => client.streamForecasts({ links: [...links] }, { signal: opened }),
      signal,
      onDown: (error) => onConnection?.(false, error),
    });
    try {
      for await (const { forecasts } of messages) {
        onConnection?.(true);
        for (const proto of forecasts) this.#take(proto);
      }
    } catch (error) {
      // A refusal that trying again cannot help; control stays reactive and says so.
      onConnection?.(false, error);
    }
  }

  #take(proto: predictor.BurstForecast): void {
    if (!this.#links.has(proto.link)) return;
    const receivedMs = this.#options.clock.monotonicMs();
    this.#newest.set(proto.link, { forecast: forecastFromProto(proto), proto, receivedMs });
    this.#options.onForecast?.();
  }
}
