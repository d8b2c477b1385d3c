/**
 * One float32 multiply-accumulate at 45 nm: 3.7 pJ for the product, 0.9 pJ for the sum (Horowitz,
 * ISSCC 2014, figure 1.1.9). Memory traffic is left out. A stated model, never a measurement.
 */
export const PICOJOULES_PER_MAC = 4.6;

/** What the governor allows. */
export interface EnergyDecision {
  /** Members that answer, at least 1. */
  members: number;
  /** Inferences a second that fit the budget; may be far below what is asked for. */
  ratePerSecond: number;
  /** Modelled power at that size and rate, microwatts. */
  microwatts: number;
  /** What was lowered to stay within the budget. */
  lowered: 'nothing' | 'ensemble' | 'ensemble and rate';
  /** For people; empty where nothing was lowered. */
  why: string;
}

/**
 * Keeps modelled power within a budget (`ENERGY_BUDGET_UW`): multiply-accumulates x 4.6 pJ x rate.
 * It lowers the number of members first, then the rate, and says so.
 */
export class EnergyGovernor {
  readonly #budgetMicrowatts: number;

  /** @param options.budgetMicrowatts above 0; default 50 */
  constructor({ budgetMicrowatts = 50 }: { budgetMicrowatts?: number } = {}) {
    if (!(budgetMicrowatts > 0)) {
      throw new RangeError(`an energy budget of ${budgetMicrowatts} uW allows nothing`);
    }
    this.#budgetMicrowatts = budgetMicrowatts;
  }

  /**
   * @param asked.macsOfMember of one inference by one member
   * @param asked.members the whole ensemble
   * @param asked.ratePerSecond inferences a second that are asked for
   */
  decide(asked: { macsOfMember: number; members: number; ratePerSecond: number }): EnergyDecision {
    const { macsOfMember, members, ratePerSecond } = asked;
    const budget = this.#budgetMicrowatts;
    const ofOne = energyMicrojoules(macsOfMember);
    const fitting = ratePerSecond > 0 ? Math.floor(budget / (ofOne * ratePerSecond)) : members;
    if (fitting >= members) {
      const microwatts = ofOne * members * ratePerSecond;
      return { members, ratePerSecond, microwatts, lowered: 'nothing', why: '' };
    }
    const size = Math.max(1, fitting);
    const wanted = `${(ofOne * members * ratePerSecond).toFixed(1)} uW modelled`;
    const over = `${wanted} against a budget of ${budget} uW: ${size} of ${members} members`;
    if (fitting >= 1) {
      const microwatts = ofOne * size * ratePerSecond;
      return { members: size, ratePerSecond, microwatts, lowered: 'ensemble', why: over };
    }
    const rate = budget / ofOne;
    const why = `${over}, ${rate.toFixed(2)} of ${ratePerSecond.toFixed(2)} inferences a second`;
    const lowered = 'ensemble and rate';
    return { members: 1, ratePerSecond: rate, microwatts: budget, lowered, why };
  }
}

/** Modelled energy of so many multiply-accumulates, microjoules. */
export function energyMicrojoules(macs: number): number {
  return macs * PICOJOULES_PER_MAC * 1e-6;
}
