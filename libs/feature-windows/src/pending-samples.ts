/**
 * Samples on their way to a store that may be away: bounded, oldest dropped first and counted.
 * Those that were taken and not yet accounted for count towards the bound; they cannot be dropped.
 * Whoever offered samples can wait until they have left, for better or worse.
 */
export class PendingSamples<Item> {
  readonly #samplesMax: number;
  /** What waits begins at `#head`: taking from the front of a long list must not move it all. */
  #items: Item[] = [];
  #head = 0;
  #taken = 0;
  #offered = 0;
  #written = 0;
  #lost = 0;
  #waiters: { settled: number; resolve: () => void }[] = [];
  #wake: (() => void) | undefined;

  /** @param samplesMax at least 1 */
  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  /** Neither written nor lost yet: those that wait and those that are on their way. */
  get size(): number {
    return this.waiting + this.#taken;
  }

  /** Ready to be taken. */
  get waiting(): number {
    return this.#items.length - this.#head;
  }

  /** Dropped because there was no room, or given up by the writer, since the start. */
  get lost(): number {
    return this.#lost;
  }

  offer(items: readonly Item[]): void {
    this.#offered += items.length;
    for (const item of items) this.#items.push(item);
    this.#dropBeyondBound();
    this.#wake?.();
  }

  /** The oldest ones, out of the queue until `written`, `giveUp` or `putBack` says how it went. */
  take(itemsMax: number): Item[] {
    const items = this.#items.slice(this.#head, this.#head + itemsMax);
    this.#skip(items.length);
    this.#taken += items.length;
    return items;
  }

  /** Back in front, for another attempt. */
  putBack(items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#taken -= items.length;
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
    this.#dropBeyondBound();
  }

  /** So many of those taken have arrived. */
  written(count: number): void {
    this.#taken -= count;
    this.#written += count;
    this.#settle();
  }

  /** So many of those taken never will. */
  giveUp(count: number): void {
    this.#taken -= count;
    this.#lose(count);
  }

  /** Resolves as soon as anything waits, or at `wake`. */
  arrival(): Promise<void> {
    if (this.waiting > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Lets whoever waits for an arrival look around. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when everything offered so far was written or lost, or at `release`. */
  settled(): Promise<void> {
    const settled = this.#offered;
    if (this.#written + this.#lost >= settled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ settled, resolve });
    });
  }

  /** Lets whoever waits for samples to settle go on without. */
  release(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #settle(): void {
    const done = this.#written + this.#lost;
    while (this.#waiters[0] !== undefined && this.#waiters[0].settled <= done) {
      this.#waiters.shift()?.resolve();
    }
  }

  #lose(count: number): void {
    this.#lost += count;
    this.#settle();
  }

  #dropBeyondBound(): void {
    const beyond = Math.min(this.size - this.#samplesMax, this.waiting);
    if (beyond <= 0) return;
    this.#skip(beyond);
    this.#lose(beyond);
  }

  #skip(count: number): void {
    this.#head += count;
    if (this.#head < this.#items.length / 2) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
