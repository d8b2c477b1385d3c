import { strict as assert } from 'node:assert';

/**
 * The newest `size` numbers, kept sorted, so that any quantile is one look-up. Adding costs a
 * binary search and a move of at most `size` numbers.
 */
export class SortedWindow {
  readonly #arrivals: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  constructor(size: number) {
    assert(Number.isInteger(size) && size >= 1, 'size is a whole number above 0');
    this.#arrivals = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  get count(): number {
    return this.#count;
  }

  /** @param value finite */
  add(value: number): void {
    assert(Number.isFinite(value), 'a window holds finite numbers');
    if (this.#count === this.#arrivals.length) {
      const oldest = this.#arrivals[this.#next] as number;
      const at = this.#rank(oldest);
      this.#sorted.copyWithin(at, at + 1, this.#count);
      this.#count -= 1;
    }
    const at = this.#rank(value);
    this.#sorted.copyWithin(at + 1, at, this.#count);
    this.#sorted[at] = value;
    this.#count += 1;
    this.#arrivals[this.#next] = value;
    this.#next = (this.#next + 1) % this.#arrivals.length;
  }

  /**
   * The smallest member that at least a share `q` of one future value stays at or below, if the
   * future is like the window: the ceil((n + 1) q)-th, as in split conformal prediction (Lei et
   * al., JASA 113, 2018). Where the window is too short to say (n + 1 < 1 / (1 - q)) the largest.
   * Undefined when empty.
   */
  quantile(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.ceil((this.#count + 1) * q - RANK_ROUNDING);
    return this.#sorted[Math.min(this.#count, Math.max(1, rank)) - 1];
  }

  /** Index of the first member that is not less than `value`. */
  #rank(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** (99 + 1) x 0.99 is 99 and a rounding error more, which must not become rank 100. */
const RANK_ROUNDING = 1e-9;
