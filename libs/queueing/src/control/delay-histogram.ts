/** Width of a bin, seconds. */
const binSeconds = 0.00025;
/** Bins: 2.048 s, beyond what a wait of at most 1 s and a shared service come to; a power of 2. */
const binCount = 8192;

/**
 * Delays of any number of requests in 32 KB: bins of 0.25 ms, the place within a bin interpolated.
 * What is longer than 2.048 s counts as that.
 */
export class DelayHistogram {
  readonly #bins = new Uint32Array(binCount);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param seconds at least 0, but for rounding */
  add(seconds: number): void {
    const bin = seconds > 0 ? Math.min(binCount - 1, Math.floor(seconds / binSeconds)) : 0;
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
    this.#count++;
  }

  /** The delay that the share q did not exceed, seconds, to 0.25 ms; 0 if empty. @param q 0..1 */
  quantile(q: number): number {
    const target = q * this.#count;
    let below = 0;
    for (let bin = 0; bin < binCount; bin++) {
      const inBin = this.#bins[bin] as number;
      if (inBin > 0 && below + inBin >= target) {
        return (bin + (target - below) / inBin) * binSeconds;
      }
      below += inBin;
    }
    return 0;
  }

  clear(): void {
    this.#bins.fill(0);
    this.#count = 0;
  }
}
