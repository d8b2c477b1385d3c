import {
  type ObservedSample,
  type OnsetForecast,
  PeriodicForecaster,
  PrecursorForecaster,
} from '@levitate/forecast';

const HORIZON_S = 10;

/** Numbers that `ExpertOpinions` gives. */
export const EXPERT_FEATURES = 6;

/**
 * What the statistical forecasters say, as inputs of the network (stacked generalisation: Wolpert,
 * Neural Networks 5, 1992): they know the link's own period and its own precursor, whose like the
 * network may never have seen; the network learns how far to believe them, and when.
 */
export class ExpertOpinions {
  readonly #periodic = new PeriodicForecaster();
  readonly #precursor = new PrecursorForecaster();

  learn(observed: ObservedSample): void {
    this.#periodic.learn(observed);
    this.#precursor.learn(observed);
  }

  /** What each expert says after the newest sample. */
  said(): OnsetForecast[] {
    return [this.#periodic.forecast(HORIZON_S), this.#precursor.forecast(HORIZON_S)];
  }
}

/** Of each expert: its probability, whether it announces, and the time it names in horizons. */
export function expertFeatures(experts: readonly OnsetForecast[]): Float32Array {
  const values = new Float32Array(EXPERT_FEATURES);
  experts.forEach((said, index) => {
    write(values, (index * EXPERT_FEATURES) / experts.length, said);
  });
  return values;
}

function write(values: Float32Array, at: number, said: OnsetForecast): void {
  values[at] = said.probability ?? 0;
  if (said.abstained !== undefined) return;
  values[at + 1] = 1;
  values[at + 2] = Math.max(-1, Math.min(1, said.timeS / HORIZON_S));
}
