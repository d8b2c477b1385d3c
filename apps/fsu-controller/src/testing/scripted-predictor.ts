import { contracts, type predictor } from '@levitate/contracts';
import {
  BoundedStream,
  type GrpcServer,
  RpcError,
  serve,
  startGrpcServer,
} from '@levitate/grpc-kit';

/** A predictor that says what it is told to say. */
export class ScriptedPredictor {
  readonly #readers = new Set<BoundedStream<predictor.BurstForecastInit>>();
  #server: GrpcServer | undefined;

  get address(): string {
    return this.#server?.address ?? '';
  }

  /** Readers of its forecasts. */
  get readers(): number {
    return this.#readers.size;
  }

  say(forecast: predictor.BurstForecastInit): void {
    for (const reader of this.#readers) reader.push(forecast);
  }

  async start(): Promise<void> {
    const readers = this.#readers;
    const unimplemented = () => {
      throw new RpcError({ code: 'UNIMPLEMENTED', message: 'not in this predictor' });
    };
    const service = serve(contracts.predictor, {
      async *streamForecasts(_request, { signal }) {
        const reader = new BoundedStream<predictor.BurstForecastInit>({ capacity: 100, signal });
        readers.add(reader);
        try {
          for await (const { items, lost } of reader) yield { forecasts: items, lost };
        } finally {
          readers.delete(reader);
        }
      },
      getForecast: unimplemented,
      forecastWindow: unimplemented,
      listForecasters: unimplemented,
    });
    this.#server = await startGrpcServer({ listen: '127.0.0.1:0', services: [service] });
  }

  async stop(): Promise<void> {
    await this.#server?.drain(0);
  }
}
