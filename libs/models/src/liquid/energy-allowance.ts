/**
 * Energy that a budget has granted and nobody has used: it grows with time, up to what
 * `SPAN_SECONDS` grant, and each inference takes its share. One that finds some left may take more
 * than that and leaves a debt, so that no inference is too large to be ever made, and the mean over
 * time stays within the budget.
 */
export class EnergyAllowance {
  readonly #budgetMicrowatts: number;
  #microjoules: number;
  #atMs: number;

  /** @param options.nowMs monotonic; the allowance begins full */
  constructor({ budgetMicrowatts, nowMs }: { budgetMicrowatts: number; nowMs: number }) {
    this.#budgetMicrowatts = budgetMicrowatts;
    this.#microjoules = budgetMicrowatts * SPAN_SECONDS;
    this.#atMs = nowMs;
  }

  /**
   * Takes so much where anything is left.
   * @returns 0 where it was taken, else the milliseconds after which something is left again
   */
  take(microjoules: number, nowMs: number): number {
    const seconds = Math.max(0, nowMs - this.#atMs) / 1000;
    const most = this.#budgetMicrowatts * SPAN_SECONDS;
    this.#microjoules = Math.min(most, this.#microjoules + seconds * this.#budgetMicrowatts);
    this.#atMs = nowMs;
    if (this.#microjoules <= 0) {
      return Math.max(1, Math.ceil((-1000 * this.#microjoules) / this.#budgetMicrowatts));
    }
    this.#microjoules -= microjoules;
    return 0;
  }
}

const SPAN_SECONDS = 5;
