import type { predictor } from '@levitate/contracts';
import { NamedStreams } from './named-streams.ts';

type Forecast = predictor.BurstForecastInit;

/** Readers of burst forecasts; none can hold up another, or the loop. */
export class ForecastStreams {
  readonly #streams: NamedStreams<Forecast>;

  /** @param bounds.forecastsMax what one reader may have waiting before its oldest are dropped */
  constructor(bounds: { streamsMax: number; forecastsMax: number }) {
    this.#streams = new NamedStreams({
      streamsMax: bounds.streamsMax,
      itemsMax: bounds.forecastsMax,
      nameOf: ({ link }) => link ?? '',
    });
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Follow from now on.
   * @param options.links empty follows all
   * @param options.first sent before anything new
   * @throws {RpcError} RESOURCE_EXHAUSTED when as many readers as allowed are here
   */
  open(options: {
    links: readonly string[];
    first: readonly Forecast[];
    signal: AbortSignal;
  }): AsyncIterable<predictor.StreamForecastsResponseInit> {
    const { links, first, signal } = options;
    return messagesOf(this.#streams.open({ names: links, first, signal }));
  }

  publish(forecasts: readonly Forecast[]): void {
    this.#streams.publish(forecasts);
  }
}

async function* messagesOf(
  stream: AsyncIterable<{ items: Forecast[]; lost: number }>,
): AsyncGenerator<predictor.StreamForecastsResponseInit, void, undefined> {
  for await (const { items, lost } of stream) yield { forecasts: items, lost };
}
