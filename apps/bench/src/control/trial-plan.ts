import type { RaceLengths } from './static-race.ts';

/** How many trials of each kind go into what. */
export interface TrialPlan {
  /** Static sizes on training trials. */
  tuning: RaceLengths;
  /** Settings of each rival on training trials. */
  rivals: number;
  /** Scored under ours, tuned static and double/decay; of them the first few under the rest. */
  scored: number;
  stated: number;
  /** Static sizes on the scored trials: hindsight, and the static of each trial's own. */
  hindsight: RaceLengths;
  own: number;
  /** Other conditions, stated only: training and scored. */
  variantTuning: RaceLengths;
  variant: number;
}

/** 500 of each of two kinds: n = 1,000. */
export const fullPlan: TrialPlan = {
  tuning: { look: 8, heats: [40, 150], final: 500 },
  rivals: 20,
  scored: 500,
  stated: 80,
  hindsight: { look: 8, heats: [30], final: 100 },
  own: 12,
  variantTuning: { look: 6, heats: [20], final: 60 },
  variant: 60,
};

/** A look within a minute. */
export const quickPlan: TrialPlan = {
  tuning: { look: 1, heats: [2], final: 3 },
  rivals: 0,
  scored: 6,
  stated: 2,
  hindsight: { look: 0, heats: [0], final: 0 },
  own: 0,
  variantTuning: { look: 0, heats: [0], final: 0 },
  variant: 0,
};

/** The same plan with so many times the trials, as where one kind stands for two. */
export function timesPlan(plan: TrialPlan, factor: number): TrialPlan {
  return { ...plan, scored: plan.scored * factor };
}
