import { strict as assert } from 'node:assert';

/** The newest `capacity` numbers, kept in order of size beside their order of arrival. */
export class SortedWindow {
  readonly #arrived: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @param capacity at least 1; to push costs a move of at most so many numbers */
  constructor(capacity: number) {
    assert(capacity >= 1, `a window holds at least 1 number, not ${capacity}`);
    this.#arrived = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  get capacity(): number {
    return this.#arrived.length;
  }

  /** Add a number; the oldest leaves once the window is full. @param value finite */
  push(value: number): void {
    // The text only where it is needed: to write a number takes longer than to insert it.
    if (!Number.isFinite(value)) assert.fail(`a window holds finite numbers, not ${value}`);
    const oldest = this.#arrived[this.#next] as number;
    this.#arrived[this.#next] = value;
    this.#next = (this.#next + 1) % this.capacity;
    if (this.#count === this.capacity) this.#replace(oldest, value);
    else this.#insert(value);
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  /** The quantile by linear interpolation, `undefined` while empty. @param q 0..1 */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const place = q * (this.#count - 1);
    const below = this.#sorted[Math.floor(place)] as number;
    const above = this.#sorted[Math.ceil(place)] as number;
    return below + (above - below) * (place - Math.floor(place));
  }

  /** `undefined` while empty. */
  median(): number | undefined {
    return this.quantile(0.5);
  }

  /**
   * Median of the absolute distances from the median, `undefined` while empty. The distances grow
   * outward from the middle on both sides, so the nearest half is found by walking two ends.
   */
  medianAbsoluteDeviation(): number | undefined {
    const median = this.median();
    if (median === undefined) return undefined;
    let low = Math.ceil((this.#count - 1) / 2) - (this.#count % 2 === 0 ? 1 : 0);
    let high = low + 1;
    const half = Math.floor(this.#count / 2);
    let previous = 0;
    let distance = 0;
    for (let taken = 0; taken <= half; taken++) {
      previous = distance;
      const below = low >= 0 ? median - (this.#sorted[low] as number) : Number.POSITIVE_INFINITY;
      const above =
        high < this.#count ? (this.#sorted[high] as number) - median : Number.POSITIVE_INFINITY;
      distance = Math.min(below, above);
      if (below <= above) low--;
      else high++;
    }
    return this.#count % 2 === 1 ? distance : (previous + distance) / 2;
  }

  /** Where the value stands or would stand: how many are smaller. */
  #rank(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(value: number): void {
    const at = this.#rank(value);
    this.#sorted.copyWithin(at + 1, at, this.#count);
    this.#sorted[at] = value;
    this.#count++;
  }

  /** Only what lies between the two moves, which where traffic is steady is little. */
  #replace(old: number, value: number): void {
    const sorted = this.#sorted;
    let at = this.#rank(old);
    for (; at + 1 < this.#count && (sorted[at + 1] as number) < value; at++) {
      sorted[at] = sorted[at + 1] as number;
    }
    for (; at > 0 && (sorted[at - 1] as number) > value; at--) {
      sorted[at] = sorted[at - 1] as number;
    }
    sorted[at] = value;
  }
}
