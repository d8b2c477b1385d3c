/** A score and whether what it stands for came. */
export interface RankedOutcome {
  score: number;
  cameTrue: boolean;
}

/**
 * Area under the precision-recall curve by steps (average precision): the sum over thresholds of
 * recall gained x precision there. Equal scores share one threshold, so that a constant score has
 * the precision of the base rate (Davis and Goadrich, ICML 2006, on why not to interpolate).
 * @returns `undefined` where nothing came true
 */
export function averagePrecision(outcomes: readonly RankedOutcome[]): number | undefined {
  const all = outcomes.filter(({ cameTrue }) => cameTrue).length;
  if (all === 0) return undefined;
  const ranked = outcomes.toSorted((one, other) => other.score - one.score);
  let area = 0;
  let seen = 0;
  let hits = 0;
  while (seen < ranked.length) {
    const { score } = ranked[seen] as RankedOutcome;
    let gained = 0;
    while (seen < ranked.length && (ranked[seen] as RankedOutcome).score === score) {
      if ((ranked[seen] as RankedOutcome).cameTrue) gained += 1;
      seen += 1;
    }
    hits += gained;
    area += (gained / all) * (hits / seen);
  }
  return area;
}
