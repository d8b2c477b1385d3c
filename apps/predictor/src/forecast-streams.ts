import type { predictor } from '@levitate/contracts';
import { BoundedStream } from '@levitate/grpc-kit';
import { tooManyStreams } from './errors.ts';

type Forecast = predictor.BurstForecastInit;

/** Readers of forecasts, each at its own speed; none can hold up another, or the loop. */
export class ForecastStreams {
  readonly #forecastsMax: number;
  readonly #streamsMax: number;
  readonly #readers = new Set<{
    links: Set<string> | undefined;
    stream: BoundedStream<Forecast>;
  }>();

  /** @param bounds.forecastsMax what one reader may have waiting before its oldest are dropped */
  constructor(bounds: { streamsMax: number; forecastsMax: number }) {
    this.#streamsMax = bounds.streamsMax;
    this.#forecastsMax = bounds.forecastsMax;
  }

  get size(): number {
    return this.#readers.size;
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
    if (this.#readers.size >= this.#streamsMax) throw tooManyStreams(this.#streamsMax);
    const { links, first, signal } = options;
    const reader = {
      links: links.length > 0 ? new Set(links) : undefined,
      stream: new BoundedStream<Forecast>({
        capacity: this.#forecastsMax,
        signal,
        onClose: () => this.#readers.delete(reader),
      }),
    };
    if (reader.stream.isOpen) this.#readers.add(reader);
    this.#push(reader, first);
    return messagesOf(reader.stream);
  }

  publish(forecasts: readonly Forecast[]): void {
    for (const reader of this.#readers) this.#push(reader, forecasts);
  }

  #push(
    reader: { links: Set<string> | undefined; stream: BoundedStream<Forecast> },
    forecasts: readonly Forecast[],
  ): void {
    for (const forecast of forecasts) {
      if (reader.links?.has(forecast.link ?? '') === false) continue;
      reader.stream.push(forecast);
    }
  }
}

async function* messagesOf(
  stream: BoundedStream<Forecast>,
): AsyncGenerator<predictor.StreamForecastsResponseInit, void, undefined> {
  for await (const { items, lost } of stream) {
    for (let start = 0; start < items.length; start += MESSAGE_FORECASTS_MAX) {
      const forecasts = items.slice(start, start + MESSAGE_FORECASTS_MAX);
      yield { forecasts, lost: start === 0 ? lost : 0 };
    }
  }
}

/** A forecast takes less than 1 kB, a message holds 4 MiB. */
const MESSAGE_FORECASTS_MAX = 1_000;
