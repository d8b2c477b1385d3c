/** @see DriftAlarm */
export interface DriftAlarmOptions {
  /** Error that was normal in validation. */
  reference: number;
  /** How far above the reference an error may be and not count. Default half the reference. */
  slack?: number;
  /** Sum of excess errors that is an alarm. Default 20 times the reference. */
  threshold?: number;
}

/**
 * Tells that a model's errors have grown beyond what validation showed: the one-sided cumulative
 * sum of Page (Biometrika 41, 1954). It rises by what each error exceeds the reference and its
 * slack, never falls below 0 and never rises above twice the threshold, so that an alarm ends by
 * itself once the errors are normal again.
 */
export class DriftAlarm {
  readonly threshold: number;
  readonly #reference: number;
  readonly #slack: number;
  #sum = 0;
  #count = 0;

  constructor({ reference, slack, threshold }: DriftAlarmOptions) {
    this.#reference = reference;
    this.#slack = slack ?? reference / 2;
    this.threshold = threshold ?? 20 * reference;
  }

  /** The cumulative sum, 0 to twice the threshold. */
  get value(): number {
    return this.#sum;
  }

  /** Errors seen. */
  get count(): number {
    return this.#count;
  }

  /** Whether the sum stands above the threshold. */
  get isRaised(): boolean {
    return this.#sum > this.threshold;
  }

  /** One more error; what is no number counts as the largest one there is. */
  learn(error: number): void {
    const most = ERROR_MAX * this.#reference;
    const counted = Number.isNaN(error) ? most : Math.min(most, error);
    const grown = this.#sum + counted - this.#reference - this.#slack;
    this.#sum = Math.min(2 * this.threshold, Math.max(0, grown));
    this.#count += 1;
  }
}

/** No single error counts for more than so many references: one outage is no drift. */
const ERROR_MAX = 10;
