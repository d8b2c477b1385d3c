import { detectPeriod, type Period } from './period.ts';

/** Bounds of a `PeriodWatch`. */
export interface PeriodWatchOptions {
  /** Values kept, and so three times the longest period. Default 600. */
  historyMax?: number;
  /** Longest period looked for, steps. Default 150. */
  lagMax?: number;
  /** Steps between two searches; one costs historyMax x lagMax multiplications. Default 15. */
  everySteps?: number;
}

/** The newest values of a series and the period found in them, looked for now and then. */
export class PeriodWatch {
  readonly #historyMax: number;
  readonly #lagMax: number;
  readonly #everySteps: number;
  #history: (number | undefined)[] = [];
  #sinceSearch = 0;
  #period: Period | undefined;

  constructor(options: PeriodWatchOptions = {}) {
    this.#historyMax = options.historyMax ?? 600;
    this.#lagMax = options.lagMax ?? 150;
    this.#everySteps = options.everySteps ?? 15;
  }

  /** Oldest first, at most `historyMax` and a search interval more. */
  get history(): readonly (number | undefined)[] {
    return this.#history;
  }

  /** Steps; undefined while none is found. */
  get period(): number | undefined {
    return this.#period?.lag;
  }

  learn(value: number | undefined): void {
    this.#history.push(value);
    this.#sinceSearch += 1;
    if (this.#sinceSearch < this.#everySteps) return;
    this.#sinceSearch = 0;
    if (this.#history.length > this.#historyMax) {
      this.#history = this.#history.slice(-this.#historyMax);
    }
    this.#period = detectPeriod(this.#history, { lagMax: this.#lagMax });
  }
}
