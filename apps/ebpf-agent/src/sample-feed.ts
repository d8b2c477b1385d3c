import { BoundedStream } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';

/** Readers of one agent at a time; a telemetry service, the dashboard and some to spare. */
const READERS_MAX = 64;

/** Hands every sample to every reader; a slow reader loses its oldest and is told how many. */
export class SampleFeed {
  readonly #readers = new Set<BoundedStream<Sample>>();
  readonly #samplesMax: number;

  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** @returns `undefined` when there are 64 readers already */
  subscribe(signal: AbortSignal): BoundedStream<Sample> | undefined {
    if (this.#readers.size >= READERS_MAX) return undefined;
    const stream = new BoundedStream<Sample>({
      capacity: this.#samplesMax,
      signal,
      onClose: () => this.#readers.delete(stream),
    });
    this.#readers.add(stream);
    return stream;
  }

  publish(samples: readonly Sample[]): void {
    for (const reader of this.#readers) for (const sample of samples) reader.push(sample);
  }

  /** Ends every reader's stream. */
  end(): void {
    for (const reader of [...this.#readers]) reader.end();
  }
}
