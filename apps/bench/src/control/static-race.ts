import type { WeightedCosts } from '@levitate/queueing';

/** The three weightings that a static size is tuned for. */
export const weightings = ['standard', 'alt1', 'alt2'] as const satisfies (keyof WeightedCosts)[];

/** @see weightings */
export type Weighting = (typeof weightings)[number];

/** How far a race goes: trials of the first look, of each heat, and of the end; ascending. */
export interface RaceLengths {
  look: number;
  heats: readonly number[];
  final: number;
}

/** Runs sizes in trials `from` to `to` - 1. @returns by size, then by trial */
export type RunSizes = (
  sizes: readonly number[],
  trials: { from: number; to: number },
) => Promise<WeightedCosts[][]>;

/** The best size in each weighting, and what the race came to. */
export interface RaceResult {
  best: Record<Weighting, number>;
  meanCost: Record<Weighting, number>;
  /** Sizes that were run in all trials of the end. */
  finalists: number[];
}

/** Standard errors within which a size may still be the best. */
const errorsMax = 3;
/** Sizes above a leader that stay in: the little that they cost more is sure, their saving rare. */
const above = 2;
/** A size that costs so many times the least in the first look is out. */
const hopeless = 1.5;

/**
 * The static size with the least mean cost. All sizes run in a first look, which puts out those
 * that cost half as much again as the best (those just above a leader stay: a saving that is rare
 * does not show in few trials); in heats, each of which puts out those more than three standard
 * errors of the paired difference behind; the rest run to the end. A winner at the edge of the
 * finalists calls its neighbours in, until it is inside.
 */
export async function raceSizes(options: {
  /** From least to most. */
  sizes: readonly number[];
  lengths: RaceLengths;
  run: RunSizes;
}): Promise<RaceResult> {
  const { sizes, lengths } = options;
  const costs = new Map<number, WeightedCosts[]>(sizes.map((size) => [size, []]));
  const advance = async (chosen: readonly number[], to: number) => {
    for (const [from, group] of Map.groupBy(chosen, (size) => costs.get(size)?.length ?? 0)) {
      if (from >= to) continue;
      const rows = await options.run(group, { from, to });
      for (const [index, size] of group.entries()) costs.get(size)?.push(...(rows[index] ?? []));
    }
  };
  const ofSize = (size: number) => costs.get(size) ?? [];
  await advance(sizes, lengths.look);
  const looked = survivors(sizes, (size, best, weighting) => {
    return meanOf(ofSize(size), weighting) <= hopeless * meanOf(ofSize(best), weighting);
  })(ofSize);
  let finalists = looked;
  for (const heat of lengths.heats) {
    await advance(finalists, heat);
    finalists = survivors(finalists, (size, best, weighting) =>
      isNear(ofSize(size), { best: ofSize(best), weighting }),
    )(ofSize);
  }
  for (;;) {
    await advance(finalists, lengths.final);
    const called = neighbours(sizes, finalists, ofSize);
    if (called.length === 0) break;
    finalists = sizes.filter((size) => finalists.includes(size) || called.includes(size));
  }
  const winners = weightings.map((weighting) => {
    const size = bestOf(finalists, weighting, ofSize);
    return { weighting, size, cost: meanOf(ofSize(size), weighting) };
  });
  return {
    best: byWeighting(winners.map(({ weighting, size }) => [weighting, size])),
    meanCost: byWeighting(winners.map(({ weighting, cost }) => [weighting, cost])),
    finalists,
  };
}

/** Means over trials. */
export function meanOf(costs: readonly WeightedCosts[], weighting: Weighting): number {
  return costs.reduce((sum, cost) => sum + cost[weighting], 0) / Math.max(1, costs.length);
}

type OfSize = (size: number) => readonly WeightedCosts[];

function bestOf(sizes: readonly number[], weighting: Weighting, ofSize: OfSize): number {
  return sizes.reduce((best, size) =>
    meanOf(ofSize(size), weighting) < meanOf(ofSize(best), weighting) ? size : best,
  );
}

/** Those that may still win in some weighting, and the ones just above each leader. */
function survivors(
  sizes: readonly number[],
  mayWin: (size: number, best: number, weighting: Weighting) => boolean,
): (ofSize: OfSize) => number[] {
  return (ofSize) => {
    const leaders = weightings.map((weighting) => bestOf(sizes, weighting, ofSize));
    return sizes.filter((size, index) =>
      leaders.some((best, at) => {
        const behind = index - sizes.indexOf(best);
        const weighting = weightings[at] as Weighting;
        return (behind >= 0 && behind <= above) || mayWin(size, best, weighting);
      }),
    );
  };
}

/** Whether the mean of the paired difference is within some standard errors of 0. */
function isNear(
  costs: readonly WeightedCosts[],
  { best, weighting }: { best: readonly WeightedCosts[]; weighting: Weighting },
): boolean {
  const differences = costs.map(
    (cost, trial) => cost[weighting] - (best[trial] as WeightedCosts)[weighting],
  );
  const count = differences.length;
  const mean = differences.reduce((sum, one) => sum + one, 0) / count;
  const squares = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return mean <= errorsMax * Math.sqrt(squares / Math.max(1, count - 1) / count);
}

/** Sizes next to a winner that did not run to the end. */
function neighbours(sizes: readonly number[], finalists: readonly number[], ofSize: OfSize) {
  return weightings.flatMap((weighting) => {
    const at = sizes.indexOf(bestOf(finalists, weighting, ofSize));
    return [at - 1, at + 1].flatMap((place) => {
      const size = sizes[place];
      return size === undefined || finalists.includes(size) ? [] : [size];
    });
  });
}

function byWeighting(
  entries: readonly (readonly [Weighting, number])[],
): Record<Weighting, number> {
  return Object.fromEntries(entries) as Record<Weighting, number>;
}
