import { wape } from '../bandwidth/wape.ts';

/** One forecast with how much its members agreed. */
export interface CoherentOutcome {
  actual: number;
  forecast: number;
  /** 0 to 1. */
  coherence: number;
}

/** Error at a share of coverage. */
export interface RiskPoint {
  /** Share of forecasts kept, the most coherent first. */
  coverage: number;
  /** WAPE and mean absolute error of those kept, over those of all. */
  wapeRatio: number;
  absoluteRatio: number;
}

/**
 * Risk against coverage (El-Yaniv and Wiener 2010): what is the error of the forecasts kept when
 * only the most coherent share of them is. Coherence means something when this rises. Two ratios,
 * because keeping small paths alone lowers the absolute error, and keeping large ones the relative.
 */
export function riskCoverage(
  outcomes: readonly CoherentOutcome[],
  coverages: readonly number[] = [0.1, 0.25, 0.5, 0.75, 1],
): RiskPoint[] {
  // Stable: forecasts that agree as much stay in the order they came in.
  const ordered = outcomes.toSorted((a, b) => b.coherence - a.coherence);
  const all = { wape: wape(ordered), absolute: meanAbsolute(ordered) };
  return coverages.map((coverage) => {
    const kept = ordered.slice(0, Math.max(1, Math.round(coverage * ordered.length)));
    return {
      coverage,
      wapeRatio: ratio(wape(kept), all.wape),
      absoluteRatio: ratio(meanAbsolute(kept), all.absolute),
    };
  });
}

/** 0/0 counts as 1. */
function ratio(a: number, b: number): number {
  return a === b ? 1 : a / b;
}

function meanAbsolute(outcomes: readonly CoherentOutcome[]): number {
  const sum = outcomes.reduce((total, one) => total + Math.abs(one.actual - one.forecast), 0);
  return sum / Math.max(1, outcomes.length);
}
