import { type ResourceType, resourceTypes } from '@levitate/control';
import type { BenchFigures } from '../bench.ts';

/** Paired costs on a real system: one run under ours, one under the tuned static, same load. */
export interface RealRuns {
  resource: ResourceType;
  pairs: readonly { cost: number; otherCost: number }[];
}

/** Fewer runs say nothing. */
export const realRunsMin = 30;

/** Measures a real system, or says why it cannot. */
export type RealSystem = () => Promise<RealRuns | { reason: string }>;

/**
 * Real systems by resource. Each is run by the adapter of its own (`libs/resource-adapters`); one
 * that is not here is not measured, and the report says so.
 */
export const realSystems: Partial<Record<ResourceType, RealSystem>> = {};

/** Gains on real systems; a key without a system behind it gets the reason. */
export async function measureRealRuns(): Promise<BenchFigures> {
  const figures: BenchFigures = { metrics: {}, baseline: {}, environment: {}, notMeasured: {} };
  for (const resource of resourceTypes) {
    const runs = (await realSystems[resource]?.()) ?? {
      reason: 'no real system is driven by this bench yet; the gains above are simulated',
    };
    Object.assign(figures.notMeasured, 'reason' in runs ? reasons(resource, runs.reason) : {});
    if ('pairs' in runs) addRuns(figures, runs);
  }
  return figures;
}

function addRuns(figures: BenchFigures, { resource, pairs }: RealRuns): void {
  const [gainKey, lowKey, countKey] = keysOf(resource);
  figures.metrics[countKey] = pairs.length;
  if (pairs.length < realRunsMin) {
    const reason = `${pairs.length} runs, fewer than ${realRunsMin}`;
    Object.assign(figures.notMeasured, { [gainKey]: reason, [lowKey]: reason });
    return;
  }
  const gains = pairs.map(({ cost, otherCost }) => 1 - cost / otherCost);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  const error = Math.sqrt(squares / (gains.length - 1) / gains.length);
  figures.metrics[gainKey] = mean;
  // 99 %, as for the simulated ones: 2.58 standard errors.
  figures.metrics[lowKey] = mean - 2.58 * error;
}

function keysOf(resource: ResourceType): [string, string, string] {
  return [`${resource}_real_gain`, `${resource}_real_gain_low`, `${resource}_real_gain_n`];
}

function reasons(resource: ResourceType, reason: string): Record<string, string> {
  return Object.fromEntries(keysOf(resource).map((key) => [key, reason]));
}
