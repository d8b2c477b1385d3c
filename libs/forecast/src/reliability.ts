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
 * How far the claims of one forecaster on one link can be believed: the posterior predictive
 * probability that its next claim comes true, over a discrete set of hit rates.
 */
export class Reliability {
  #outcomes: boolean[] = [];

  /** Take note of a closed claim. */
  observe(cameTrue: boolean): void {
    this.#outcomes.push(cameTrue);
    if (this.#outcomes.length > OUTCOMES_MAX) this.#outcomes.shift();
  }

  /** @param duty share of time, 0..1, its alarm is on: the hit rate of pure chance */
  probability(duty: number): number {
    const hits = this.#outcomes.filter(Boolean).length;
    const misses = this.#outcomes.length - hits;
    let evidence = 0;
    let predictive = 0;
    for (const { rate, weight } of HIT_RATES) {
      const p = rate === 'chance' ? Math.min(0.5, Math.max(0.01, duty)) : rate;
      const joint = weight * p ** hits * (1 - p) ** misses;
      evidence += joint;
      predictive += joint * p;
    }
    return predictive / evidence;
  }
}
