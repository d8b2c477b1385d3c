/** @see RecentSamples */
export interface RecentBounds {
  /** Age up to which an item is recent, milliseconds. */
  ms: number;
  /** Most items kept. */
  samplesMax: number;
}

/** The last items of a stream: no older, and no more, than the bounds say. Oldest first. */
export class RecentSamples<Item> {
  readonly #bounds: RecentBounds;
  #items: { item: Item; atMs: number }[] = [];
  #head = 0;

  constructor(bounds: RecentBounds) {
    this.#bounds = bounds;
  }

  /** @param nowMs monotonic, milliseconds */
  add(item: Item, nowMs: number): void {
    this.#items.push({ item, atMs: nowMs });
    const { ms, samplesMax } = this.#bounds;
    while (
      this.#items.length - this.#head > samplesMax ||
      (this.#items[this.#head]?.atMs ?? nowMs) < nowMs - ms
    ) {
      this.#head += 1;
    }
    if (this.#head < this.#items.length / 2) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  /** Those that were recent when the last one came, however long ago that is. */
  all(): Item[] {
    return this.#items.slice(this.#head).map(({ item }) => item);
  }
}
