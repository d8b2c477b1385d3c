import assert from 'node:assert';

/** What a reader gets at once: everything since its last turn, and what it missed. */
export interface Batch<Item> {
  readonly items: Item[];
  /** Items dropped since the previous batch because this reader was too slow. */
  readonly lost: number;
}

/**
 * A queue between a writer that never waits and one reader of any speed. Beyond `capacity` the
 * oldest item is dropped and counted, so that a slow reader costs bounded memory, sees the newest
 * values and knows that it lost some.
 */
export class BoundedStream<Item> implements AsyncIterable<Batch<Item>> {
  readonly capacity: number;
  #items: Item[] = [];
  #lost = 0;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #error: unknown;
  #wake: (() => void) | undefined;
  #isRead = false;
  readonly #onClose: (() => void) | undefined;

  /**
   * @param options.capacity items held at most, at least 1
   * @param options.signal ends the stream when aborted; what is queued is dropped
   * @param options.onClose called once when the stream is over for either side
   */
  constructor(options: { capacity: number; signal?: AbortSignal; onClose?: () => void }) {
    assert(options.capacity >= 1, `capacity must be at least 1, was ${options.capacity}`);
    this.capacity = options.capacity;
    this.#onClose = options.onClose;
    if (options.signal?.aborted) this.close();
    else options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Items waiting. */
  get size(): number {
    return this.#items.length;
  }

  /** True until `end`, `close` or the reader's departure. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Adds an item and never blocks. After the end it does nothing. */
  push(item: Item): void {
    if (this.#state !== 'open') return;
    if (this.#items.length >= this.capacity) {
      this.#items.shift();
      this.#lost += 1;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  /** Lets the reader have what is queued, then ends it, with `error` if one is given. */
  end(error?: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#error = error;
    this.#wake?.();
    this.#onClose?.();
  }

  /** Ends at once; what is queued is dropped. */
  close(): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#items = [];
    this.#wake?.();
    if (wasOpen) this.#onClose?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch<Item>, void, undefined> {
    assert(!this.#isRead, 'a BoundedStream has one reader');
    this.#isRead = true;
    try {
      while (true) {
        if (this.#items.length > 0) {
          const batch = { items: this.#items, lost: this.#lost };
          this.#items = [];
          this.#lost = 0;
          yield batch;
        } else if (this.#state === 'open') {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
        } else {
          if (this.#error !== undefined) throw this.#error;
          return;
        }
      }
    } finally {
      this.close();
    }
  }
}
