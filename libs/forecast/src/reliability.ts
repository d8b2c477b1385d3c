/** Outcomes remembered; enough to notice within a dozen bursts that a link has changed. */
const OUTCOMES_MAX = 12;

/**
 * What a forecaster's hit rate may be and how likely each is before it has shown anything. The
 * first entry stands for a forecaster that knows nothing and hits at the rate of chance. Most of
 * the rest is near 1 because an onset train that a model fits at all, it usually fits well: on
 * generated traces the claims after a single false one came true as often as those before it.
 */
const HIT_RATES: readonly { rate: number | 'chance'; weight: number }[] = [
  { rate: 'chance', weight: 0.2 },
  { rate: 0.5, weight: 0.05 },
  { rate: 0.8, weight: 0.02 },
  { rate: 0.9, weight: 0.04 },
  { rate: 0.97, weight: 0.34 },
  { rate: 0.995, weight: 0.35 },
];

/**
 * How much of a calibrated forecaster's stated probability may be true on one link: nearly always
 * all of it, that is what calibration on other links showed.
 */
const SHARES: readonly { share: number | 'chance'; weight: number }[] = [
  { share: 'chance', weight: 0.01 },
  { share: 0.5, weight: 0.01 },
  { share: 0.8, weight: 0.03 },
  { share: 1, weight: 0.95 },
];
/** A claim stated as surer, either way, is taken as this sure: no outcome decides alone. */
const STATED_MAX = 0.98;

/** A closed claim. */
export interface ClaimOutcome {
  cameTrue: boolean;
  /** What the forecast that opened it gave it, 0..1. */
  stated: number;
}

/**
 * How far the claims of one forecaster on one link can be believed: the posterior predictive
 * probability that its next claim comes true, over a discrete set of hypotheses.
 */
export class Reliability {
  readonly #outcomes: ClaimOutcome[] = [];

  /** Take note of a closed claim. */
  observe(outcome: ClaimOutcome): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > OUTCOMES_MAX) this.#outcomes.shift();
  }

  /**
   * Of a forecaster whose probability holds if its model of the link is right: how often it is.
   * @param duty share of time, 0..1, its alarm is on: the hit rate of pure chance
   */
  hitRate(duty: number): number {
    const hits = this.#outcomes.filter(({ cameTrue }) => cameTrue).length;
    const misses = this.#outcomes.length - hits;
    let evidence = 0;
    let predictive = 0;
    for (const { rate, weight } of HIT_RATES) {
      const p = rate === 'chance' ? chanceOf(duty) : rate;
      const joint = weight * p ** hits * (1 - p) ** misses;
      evidence += joint;
      predictive += joint * p;
    }
    return predictive / evidence;
  }

  /**
   * Of a forecaster calibrated elsewhere: what its probability is worth here. Its outcomes are held
   * against what it stated, so that a claim of 0.8 that fails says little and one of 0.98 a lot.
   * @param duty as above
   */
  recalibrated(probability: number, duty: number): number {
    const chance = chanceOf(duty);
    let evidence = 0;
    let predictive = 0;
    for (const { share, weight } of SHARES) {
      const worth = (stated: number) =>
        share === 'chance' ? Math.min(chance, stated) : share * stated;
      let joint = weight;
      for (const { cameTrue, stated } of this.#outcomes) {
        const p = worth(Math.min(STATED_MAX, Math.max(1 - STATED_MAX, stated)));
        joint *= cameTrue ? p : 1 - p;
      }
      evidence += joint;
      predictive += joint * worth(probability);
    }
    return predictive / evidence;
  }
}

function chanceOf(duty: number): number {
  return Math.min(0.5, Math.max(0.01, duty));
}
