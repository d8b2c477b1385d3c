import { type ResourceType, resourceTypes } from '@levitate/control';
import type { BenchFigures } from '../bench.ts';
import type { RealTrial } from './real-trial.ts';

/** Fewer pairs say nothing; as many are played. */
export const realRunsMin = 30;
/** Pairs that may fail. */
const failuresMax = 5;
/** 99 %, as for the simulated ones. */
const standardErrors = 2.58;

/** The same load twice on a real system, each on an instance of its own, side by side. */
export interface RealPair {
  /** Under what is shipped. */
  cost: number;
  /** Under the tuned static. */
  otherCost: number;
}

/** A real system that can be measured. */
export interface RealSystem {
  /** Pairs side by side: what its machine can bear. */
  atOnce: number;
  /** @throws when the system is not there, or fails; the pair is void */
  play(trial: RealTrial, signal: AbortSignal): Promise<RealPair>;
}

/** What real runs are played with. */
export interface RealRunOptions {
  /** A resource without a system is not measured, and the report says so. */
  systems: Partial<Record<ResourceType, RealSystem>>;
  /** The scored trial of a run; undefined: the resource has none. */
  trialOf: (resource: ResourceType, run: number) => RealTrial | undefined;
  signal: AbortSignal;
  progress: (line: string) => void;
}

/** Gains on real systems; a key without a system behind it gets the reason. */
export async function measureRealRuns(options: RealRunOptions): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  for (const resource of resourceTypes) {
    const system = options.systems[resource];
    const found =
      system === undefined
        ? 'this bench drives no real system for it; the gains above are simulated'
        : await playPairs(options, { resource, system });
    if (typeof found === 'string') Object.assign(figures.notMeasured, reasons(resource, found));
    else addPairs(figures, { resource, pairs: found });
  }
  return figures;
}

/**
 * Pairs that fail, both lanes of them, are void; after some the system is given up.
 * @returns the pairs, or why there are none
 */
async function playPairs(
  options: RealRunOptions,
  { resource, system }: { resource: ResourceType; system: RealSystem },
): Promise<RealPair[] | string> {
  const { signal, progress, trialOf } = options;
  const pairs: RealPair[] = [];
  let next = 0;
  let failures = 0;
  while (pairs.length < realRunsMin) {
    progress(`${resource}: real run ${pairs.length + 1} of ${realRunsMin}, ${failures} void`);
    const runs = Math.min(system.atOnce, realRunsMin - pairs.length);
    const trials = Array.from({ length: runs }, () => trialOf(resource, next++));
    if (trials.includes(undefined)) return 'no trace files of its trials in the data folder';
    const played = trials.map((trial) => system.play(trial as RealTrial, signal));
    for (const result of await Promise.allSettled(played)) {
      signal.throwIfAborted();
      if (result.status === 'fulfilled') {
        pairs.push(result.value);
        continue;
      }
      const { reason } = result;
      if (++failures < failuresMax) continue;
      return `the real system failed: ${reason instanceof Error ? reason.message : reason}`;
    }
  }
  return pairs;
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
