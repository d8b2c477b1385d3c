import type { AbstainReason, ObservedSample } from './burst-forecast.ts';

/**
 * When one forecaster expects the next onset, as if its model of the link were right; how far it
 * can be believed is measured from outside (`Reliability`).
 */
export type OnsetForecast =
  | {
      /** Seconds from the newest sample; negative: overdue but not given up. */
      timeS: number;
      /** Standard deviation of the onset's time, seconds. */
      sdS: number;
      /** That it falls within the horizon, 0.5..1. */
      probability: number;
      abstained?: undefined;
    }
  | { abstained: AbstainReason; probability?: number };

/** One way of telling the next onset of one link. */
export interface OnsetForecaster {
  readonly name: string;
  /**
   * It states the probability of an onset within the horizon at all times, calibrated on data it
   * did not learn from. Where all abstain, it is what it says that is passed on.
   */
  readonly isCalibrated?: boolean;
  /** Learn one more sample; samples come in time order, some may be missing. */
  learn(observed: ObservedSample): void;
  /** @param horizonS how far ahead to look, seconds */
  forecast(horizonS: number): OnsetForecast;
}
