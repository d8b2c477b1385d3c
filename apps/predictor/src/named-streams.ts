import { BoundedStream } from '@levitate/grpc-kit';
import { tooManyStreams } from './errors.ts';

/** Readers of what is made again and again under a name, each at its own speed. */
export class NamedStreams<Item> {
  readonly #nameOf: (item: Item) => string;
  readonly #itemsMax: number;
  readonly #streamsMax: number;
  readonly #readers = new Set<Reader<Item>>();

  /** @param bounds.itemsMax what one reader may have waiting before its oldest are dropped */
  constructor(bounds: {
    streamsMax: number;
    itemsMax: number;
    nameOf: (item: Item) => string;
  }) {
    this.#streamsMax = bounds.streamsMax;
    this.#itemsMax = bounds.itemsMax;
    this.#nameOf = bounds.nameOf;
  }

  get size(): number {
    return this.#readers.size;
  }

  /**
   * Follow from now on.
   * @param options.names empty follows all
   * @param options.first sent before anything new
   * @throws {RpcError} RESOURCE_EXHAUSTED when as many readers as allowed are here
   */
  open(options: {
    names: readonly string[];
    first: readonly Item[];
    signal: AbortSignal;
  }): AsyncIterable<{ items: Item[]; lost: number }> {
    if (this.#readers.size >= this.#streamsMax) throw tooManyStreams(this.#streamsMax);
    const { names, first, signal } = options;
    const reader: Reader<Item> = {
      names: names.length > 0 ? new Set(names) : undefined,
      stream: new BoundedStream<Item>({
        capacity: this.#itemsMax,
        signal,
        onClose: () => this.#readers.delete(reader),
      }),
    };
    if (reader.stream.isOpen) this.#readers.add(reader);
    this.#push(reader, first);
    return messagesOf(reader.stream);
  }

  publish(items: readonly Item[]): void {
    for (const reader of this.#readers) this.#push(reader, items);
  }

  #push(reader: Reader<Item>, items: readonly Item[]): void {
    for (const item of items) {
      if (reader.names?.has(this.#nameOf(item)) === false) continue;
      reader.stream.push(item);
    }
  }
}

interface Reader<Item> {
  names: Set<string> | undefined;
  stream: BoundedStream<Item>;
}

async function* messagesOf<Item>(
  stream: BoundedStream<Item>,
): AsyncGenerator<{ items: Item[]; lost: number }, void, undefined> {
  for await (const { items, lost } of stream) {
    for (let start = 0; start < items.length; start += MESSAGE_ITEMS_MAX) {
      const part = items.slice(start, start + MESSAGE_ITEMS_MAX);
      yield { items: part, lost: start === 0 ? lost : 0 };
    }
  }
}

/** A forecast takes less than 1 kB, a message holds 4 MiB. */
const MESSAGE_ITEMS_MAX = 1_000;
