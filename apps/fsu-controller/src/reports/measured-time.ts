/** Between two measurements further apart than so many periods nothing was measured. */
const gapPeriods = 5;

/** Time in which a target was measured: gaps are not counted. */
export class MeasuredTime {
  readonly #periodMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** @param nowMs monotonic, of a measurement @returns what it adds, seconds */
  add(nowMs: number): number {
    const sinceMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    const countedMs = sinceMs > gapPeriods * this.#periodMs ? this.#periodMs : sinceMs;
    return Math.max(0, countedMs) / 1_000;
  }
}
