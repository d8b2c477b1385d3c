import { strict as assert } from 'node:assert';
import { SeededRandom } from '@levitate/clock';
import type { StatedProbability } from './brier.ts';

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  count: number;
  /** Mean probability stated, 0..1. */
  stated: number;
  /** Share that came true, 0..1. */
  observed: number;
}

/**
 * Bins of equal mass in order of the stated probability; their sizes differ by at most one. Equal
 * probabilities are put in an order drawn from `seed`, so that a bin's edge within a tie favours
 * neither outcome (BENCHES, `ece`).
 * @param bins default 10; never more than there are forecasts
 */
export function calibrationBins(
  stated: readonly StatedProbability[],
  { bins = 10, seed }: { bins?: number; seed: number | string },
): CalibrationBin[] {
  assert(Number.isInteger(bins) && bins >= 1, 'bins is a whole number above 0');
  const random = new SeededRandom(seed);
  const ordered = stated
    .map((one) => ({ ...one, lot: random.float() }))
    .sort((one, other) => one.probability - other.probability || one.lot - other.lot);
  const count = Math.min(bins, ordered.length);
  return Array.from({ length: count }, (_, bin) => {
    const from = Math.floor((bin * ordered.length) / count);
    const members = ordered.slice(from, Math.floor(((bin + 1) * ordered.length) / count));
    return {
      count: members.length,
      stated: members.reduce((sum, { probability }) => sum + probability, 0) / members.length,
      observed: members.filter(({ cameTrue }) => cameTrue).length / members.length,
    };
  });
}

/**
 * Expected calibration error on equal-mass bins: mean |stated - observed|, weighted by the bins'
 * counts (Naeini et al., AAAI 2015). 0 without forecasts.
 */
export function expectedCalibrationError(
  stated: readonly StatedProbability[],
  options: { bins?: number; seed: number | string },
): number {
  let sum = 0;
  for (const bin of calibrationBins(stated, options)) {
    sum += bin.count * Math.abs(bin.stated - bin.observed);
  }
  return stated.length === 0 ? 0 : sum / stated.length;
}
