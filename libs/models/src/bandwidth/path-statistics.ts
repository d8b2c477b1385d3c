import { SortedWindow } from '@levitate/series';

/** Exponentially weighted means by what the newest value weighs; unbiased from the first on. */
export interface Ewmas {
  percent2: number;
  percent10: number;
  percent20: number;
  percent40: number;
  percent60: number;
}

/** What robust statistics say of a path's bandwidth so far; each is in bytes/s but `held`. */
export interface PathStatistics {
  last: number;
  /** Of the five seconds before the newest, the newest of them first. */
  lags: readonly number[];
  ewma: Ewmas;
  harmonicMean: number;
  /** Quantiles over windows of 10, 30 and 100 s. */
  ten: Spread;
  thirty: Spread;
  hundred: Spread;
  /** Mean absolute step from second to second over about ten seconds. */
  step: number;
  /** Seconds for which the newest value has not moved. */
  held: number;
}

/** Low, middle and high of a window. */
export interface Spread {
  low: number;
  middle: number;
  high: number;
}

/** Share of the long mean below which a value counts as so much in the harmonic mean. */
const HARMONIC_FLOOR = 1e-3;
const HARMONIC_COUNT = 5;

/**
 * Statistics of a path that grow with each second, from a window's first on: nothing before the
 * window and nothing after the second is used.
 */
export class PathTracker {
  readonly #percent2 = new Average(0.02);
  readonly #percent10 = new Average(0.1);
  readonly #percent20 = new Average(0.2);
  readonly #percent40 = new Average(0.4);
  readonly #percent60 = new Average(0.6);
  readonly #step = new Average(0.1);
  readonly #windows = [10, 30, 100].map((seconds) => new SortedWindow(seconds));
  readonly #newest: number[] = [];
  #held = 0;

  /** @param value bytes/s, finite and not negative */
  learn(value: number): PathStatistics {
    this.pass(value);
    return this.#statistics();
  }

  /** As `learn` where nobody asks for the statistics of this second. */
  pass(value: number): void {
    const before = this.#newest[0] ?? value;
    this.#held = value === before ? this.#held + 1 : 0;
    this.#step.learn(Math.abs(value - before));
    this.#newest.unshift(value);
    if (this.#newest.length > HARMONIC_COUNT + 1) this.#newest.pop();
    for (const window of this.#windows) window.push(value);
    this.#percent2.learn(value);
    this.#percent10.learn(value);
    this.#percent20.learn(value);
    this.#percent40.learn(value);
    this.#percent60.learn(value);
  }

  #statistics(): PathStatistics {
    const newest = this.#newest;
    const last = newest[0] as number;
    const before = newest[1] ?? last;
    const [ten, thirty, hundred] = this.#windows.map(spreadOf) as [Spread, Spread, Spread];
    const ewma = {
      percent2: this.#percent2.value,
      percent10: this.#percent10.value,
      percent20: this.#percent20.value,
      percent40: this.#percent40.value,
      percent60: this.#percent60.value,
    };
    return {
      last,
      lags: Array.from({ length: HARMONIC_COUNT }, (_, lag) => newest[lag + 1] ?? before),
      ewma,
      harmonicMean: this.#harmonicMean(),
      ten,
      thirty,
      hundred,
      step: this.#step.value,
      held: this.#held,
    };
  }

  #harmonicMean(): number {
    const floor = HARMONIC_FLOOR * this.#percent2.value + 1;
    const count = Math.min(HARMONIC_COUNT, this.#newest.length);
    let sum = 0;
    for (let at = 0; at < count; at++) sum += 1 / Math.max(this.#newest[at] as number, floor);
    return count / sum;
  }
}

/** Exponentially weighted mean, divided by the weights so far: the first values count in full. */
class Average {
  readonly #alpha: number;
  #sum = 0;
  #weight = 0;

  constructor(alpha: number) {
    this.#alpha = alpha;
  }

  get value(): number {
    return this.#weight === 0 ? 0 : this.#sum / this.#weight;
  }

  learn(value: number): void {
    this.#sum += this.#alpha * (value - this.#sum);
    this.#weight += this.#alpha * (1 - this.#weight);
  }
}

function spreadOf(window: SortedWindow): Spread {
  return {
    low: window.quantile(0.1) ?? 0,
    middle: window.quantile(0.5) ?? 0,
    high: window.quantile(0.9) ?? 0,
  };
}
