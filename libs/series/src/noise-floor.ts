import { SortedWindow } from './sorted-window.ts';

/** Makes the median absolute deviation of normal noise its standard deviation: 1 / Phi^-1(3/4). */
const MAD_TO_SD = 1.4826;

/**
 * Where noise ends: median + k robust standard deviations over a bounded window (Hampel, "The
 * influence curve and its role in robust estimation", JASA 69, 1974). Up to half of the window may
 * be outliers without moving it far.
 */
export class NoiseFloor {
  readonly #window: SortedWindow;
  readonly #k: number;
  readonly #sdMin: number;

  /**
   * @param options `capacity`: numbers remembered; `k`: robust standard deviations above the
   * median, default 3; `sdMin`: least deviation assumed, for quantised signals, default 0
   */
  constructor(options: { capacity: number; k?: number; sdMin?: number }) {
    this.#window = new SortedWindow(options.capacity);
    this.#k = options.k ?? 3;
    this.#sdMin = options.sdMin ?? 0;
  }

  get count(): number {
    return this.#window.count;
  }

  /** @param value finite */
  push(value: number): void {
    this.#window.push(value);
  }

  clear(): void {
    this.#window.clear();
  }

  /** `undefined` while empty. */
  median(): number | undefined {
    return this.#window.median();
  }

  /** The floor, `undefined` while empty. */
  level(): number | undefined {
    const median = this.#window.median();
    const deviation = this.#window.medianAbsoluteDeviation();
    if (median === undefined || deviation === undefined) return undefined;
    return median + this.#k * Math.max(this.#sdMin, MAD_TO_SD * deviation);
  }
}
