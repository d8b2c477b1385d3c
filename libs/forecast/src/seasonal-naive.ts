import type { LevelForecaster, PointModel } from './level-forecaster.ts';
import { PeriodWatch, type PeriodWatchOptions } from './period-watch.ts';
import { type LevelOptions, PrequentialForecaster } from './prequential-forecaster.ts';

/** Options of `seasonalNaive`. */
export interface SeasonalNaiveOptions extends LevelOptions, PeriodWatchOptions {
  /** The period in steps where it is known; without it, it is detected. */
  period?: number;
}

/**
 * The value one period ago comes again (Hyndman and Athanasopoulos, "Forecasting: Principles and
 * Practice", section 5.2). While no period is found it is persistence.
 */
export function seasonalNaive(options: SeasonalNaiveOptions = {}): LevelForecaster {
  const model = new OnePeriodAgo(options);
  return new PrequentialForecaster({ ...options, name: 'seasonal-naive', model });
}

class OnePeriodAgo implements PointModel {
  readonly #watch: PeriodWatch;
  readonly #known: number | undefined;
  #last: number | undefined;

  constructor(options: SeasonalNaiveOptions) {
    const { period, historyMax = 600 } = options;
    this.#known = period;
    this.#watch = new PeriodWatch({
      ...options,
      historyMax: Math.max(historyMax, 2 * (period ?? 0)),
    });
  }

  learn(value: number | undefined): void {
    this.#watch.learn(value);
    this.#last = value ?? this.#last;
  }

  predict(steps: number): number[] {
    const last = this.#last;
    if (last === undefined) return [];
    const period = this.#known ?? this.#watch.period;
    if (period === undefined) return new Array<number>(steps).fill(last);
    const { history } = this.#watch;
    return Array.from({ length: steps }, (_, index) => {
      const newest = history.length + index - period * Math.ceil((index + 1) / period);
      // The newest season may lack the value; an older one, or the last value, has to do.
      for (let at = newest; at >= 0; at -= period) {
        const value = history[at];
        if (value !== undefined) return value;
      }
      return last;
    });
  }
}
