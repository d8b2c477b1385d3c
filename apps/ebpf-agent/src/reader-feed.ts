import { BoundedStream } from '@levitate/grpc-kit';

/** Readers of one feed at a time; a telemetry service, the dashboard and some to spare. */
const READERS_MAX = 64;

/** Hands every item to every reader; a slow reader loses its oldest and is told how many. */
export class ReaderFeed<Item> {
  readonly #readers = new Set<BoundedStream<Item>>();
  readonly #itemsMax: number;

  /** @param itemsMax items that wait for one reader */
  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** @returns `undefined` when there are 64 readers already */
  subscribe(signal: AbortSignal): BoundedStream<Item> | undefined {
    if (this.#readers.size >= READERS_MAX) return undefined;
    const stream = new BoundedStream<Item>({
      capacity: this.#itemsMax,
      signal,
      onClose: () => this.#readers.delete(stream),
    });
    this.#readers.add(stream);
    return stream;
  }

  publish(items: readonly Item[]): void {
    for (const reader of this.#readers) for (const item of items) reader.push(item);
  }

  /** Ends every reader's stream. */
  end(): void {
    for (const reader of [...this.#readers]) reader.end();
  }
}
