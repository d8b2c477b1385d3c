import { type ResourceType, resourceTypes } from '@levitate/control';
import type { BenchFigures } from '../../bench.ts';

/** Fewer pairs say nothing; as many are played. */
export const realRunsMin = 30;
/** Pairs that may fail. */
const failuresMax = 10;
/** Runs that are played at most, void ones included. */
const runsMax = realRunsMin + failuresMax;
/** 99 %, as for the simulated ones. */
const standardErrors = 2.58;

/** The same load twice on a real system, each on an instance of its own, side by side. */
export interface RealPair {
  /** Under what is shipped. */
  cost: number;
  /** Under the tuned static. */
  otherCost: number;
  /** What the simulator says of the same load. */
  simulated?: RealPair;
}

/** A real system. */
export interface RealPlayer {
  /**
   * Play the runs of those numbers at the same time. One that is rejected is void: the system was
   * not there, failed, or the machine disturbed it.
   */
  play(runs: readonly number[], signal: AbortSignal): Promise<PromiseSettledResult<RealPair>[]>;
}

/** One that is measured; disposing ends what belongs to it. */
export interface RealSystem extends RealPlayer, AsyncDisposable {
  /** Pairs side by side: what its machine can bear. */
  atOnce: number;
}

/** Where one request in a hundred was later than this, the machine is what was measured, ms. */
const lagMsMax = 50;

/**
 * What each run plays, drawn at once, for some seconds: later it would disturb what is measured.
 * @returns what was drawn for a run
 */
export function drawRuns<Run>(draw: (run: number) => Run): (run: number) => Run {
  const drawn = Array.from({ length: runsMax }, (_, run) => draw(run));
  return (run) => {
    const found = drawn[run];
    if (found === undefined) throw new Error(`there are ${runsMax} runs, not ${run}`);
    return found;
  };
}

/** Has a pair void in which the machine was late. @throws with the lag */
export function assertInTime(lanes: readonly { lagMsP99: number }[]): void {
  const lagMs = Math.max(...lanes.map(({ lagMsP99 }) => lagMsP99));
  if (lagMs <= lagMsMax) return;
  throw new Error(`one request in a hundred was ${Math.round(lagMs)} ms late, by the machine`);
}

/** What real runs are played with. */
export interface RealRunOptions {
  /** The system of each resource, or why there is none. */
  systems: Readonly<Record<ResourceType, RealSystem | string>>;
  /** Resources that the machine can bear side by side; one group after the other. */
  groups: readonly (readonly ResourceType[])[];
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** Gains on real systems; a key without a system behind it gets the reason. */
export async function measureRealRuns(options: RealRunOptions): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  const found = new Map<ResourceType, RealPair[] | string>();
  const play = async (resource: ResourceType) => {
    const system = options.systems[resource];
    const pairs =
      typeof system === 'string' ? system : await playPairs(options, { resource, system });
    found.set(resource, pairs);
  };
  for (const group of options.groups) await Promise.all(group.map(play));
  for (const resource of resourceTypes) {
    const pairs = found.get(resource) ?? 'it is in no group of real runs';
    if (typeof pairs === 'string') Object.assign(figures.notMeasured, reasons(resource, pairs));
    else addPairs(figures, { resource, pairs });
  }
  return figures;
}

/**
 * Pairs that fail, both lanes of them, are void; after some the system is given up.
 * @returns the pairs, or why there are none
 */
async function playPairs(
  { signal, progress }: RealRunOptions,
  { resource, system: given }: { resource: ResourceType; system: RealSystem },
): Promise<RealPair[] | string> {
  await using system = given;
  const pairs: RealPair[] = [];
  let next = 0;
  let failures = 0;
  while (pairs.length < realRunsMin) {
    progress(`${resource}: real run ${pairs.length + 1} of ${realRunsMin}, ${failures} void`);
    const count = Math.min(system.atOnce, realRunsMin - pairs.length);
    const runs = Array.from({ length: count }, () => next++);
    for (const result of await settled(system, { runs, signal })) {
      signal.throwIfAborted();
      if (result.status === 'fulfilled') {
        pairs.push(result.value);
        continue;
      }
      const { reason } = result;
      const text = reason instanceof Error ? reason.message : `${reason}`;
      progress(`${resource}: a real run is void: ${text}`);
      if (++failures >= failuresMax) return `the real system failed: ${text}`;
    }
  }
  return pairs;
}

/** What fails as a whole has each of its runs void. */
export function settled(
  system: RealPlayer,
  { runs, signal }: { runs: readonly number[]; signal: AbortSignal },
): Promise<PromiseSettledResult<RealPair>[]> {
  return system
    .play(runs, signal)
    .catch((reason: unknown) => runs.map(() => ({ status: 'rejected', reason })));
}

function addPairs(
  figures: BenchFigures,
  { resource, pairs }: { resource: ResourceType; pairs: readonly RealPair[] },
): void {
  const [gainKey, lowKey, countKey] = keysOf(resource);
  const { gain, low } = gainOfPairs(pairs);
  figures.metrics[gainKey] = gain;
  figures.metrics[lowKey] = low;
  figures.metrics[countKey] = pairs.length;
  figures.baseline[`${resource}_real_costs`] = pairs;
  const simulated = pairs.flatMap((pair) => pair.simulated ?? []);
  if (simulated.length < pairs.length) return;
  figures.baseline[`${resource}_real_gain_simulated`] = gainOfPairs(simulated);
}

/**
 * 1 - mean cost / mean cost of the other, and the lower end of its interval by the delta method:
 * the spread of cost - ratio x the other's.
 */
export function gainOfPairs(pairs: readonly RealPair[]): { gain: number; low: number } {
  const mean = (pick: (pair: RealPair) => number) =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  const other = mean(({ otherCost }) => otherCost);
  const ratio = mean(({ cost }) => cost) / other;
  const variance = mean(({ cost, otherCost }) => (cost - ratio * otherCost) ** 2);
  const error = Math.sqrt(variance / Math.max(1, pairs.length - 1)) / other;
  return { gain: 1 - ratio, low: 1 - ratio - standardErrors * error };
}

function keysOf(resource: ResourceType): [string, string, string] {
  return [`${resource}_real_gain`, `${resource}_real_gain_low`, `${resource}_real_gain_n`];
}

function reasons(resource: ResourceType, reason: string): Record<string, string> {
  return Object.fromEntries(keysOf(resource).map((key) => [key, reason]));
}
