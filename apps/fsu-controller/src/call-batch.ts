/** Time the calls of one batch get, when it is sent. */
interface Waiting<Item, Outcome> {
  item: Item;
  deadlineMs: number;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/** @see CallBatch */
export interface CallBatchOptions<Item, Outcome> {
  /** Items one call may carry. */
  itemsMax: number;
  /** One call for many items; the outcomes come in their order. */
  send: (items: Item[], deadlineMs: number) => Promise<readonly Outcome[]>;
}

/**
 * Makes one call of those that are asked for in the same moment: when ten links burst at once,
 * ten changes of 0.4 ms each were most of the loop's own work. A batch leaves when it is flushed,
 * else after the events at hand; nothing waits for a timer.
 */
export class CallBatch<Item, Outcome> {
  readonly #options: CallBatchOptions<Item, Outcome>;
  #waiting: Waiting<Item, Outcome>[] = [];
  #isScheduled = false;

  constructor(options: CallBatchOptions<Item, Outcome>) {
    this.#options = options;
  }

  /** The outcome of this item; rejects with what became of the whole call. */
  call(item: Item, { deadlineMs }: { deadlineMs: number }): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, deadlineMs, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.flush();
      });
    });
  }

  /** Send what waits, now. */
  flush(): void {
    const { itemsMax } = this.#options;
    while (this.#waiting.length > 0) void this.#send(this.#waiting.splice(0, itemsMax));
  }

  async #send(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    const deadlineMs = Math.min(...batch.map((one) => one.deadlineMs));
    try {
      const items = batch.map(({ item }) => item);
      const outcomes = await this.#options.send(items, deadlineMs);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error('the answer leaves this item out'));
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
