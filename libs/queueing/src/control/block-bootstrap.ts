import { strict as assert } from 'node:assert';
import type { SeededRandom } from '@levitate/clock';

/** One trial's cost under the policy and under what it is compared with. */
export interface PairedCost {
  kind: string;
  /** Stretch of the source that it comes from. */
  block: string;
  cost: number;
  otherCost: number;
}

/** A relative saving and how sure it is. */
export interface GainInterval {
  /** 1 - mean cost / mean cost of the other. */
  gain: number;
  low: number;
  high: number;
  blocks: number;
  gainByKind: Record<string, number>;
  /** The kind with the least gain. */
  worstKind: string;
}

/** Resources that are judged together: the interval holds for all five at once (Bonferroni). */
export const resourcesJudged = 5;

/**
 * Interval of the relative saving by a bootstrap over blocks: trials of one stretch of a source go
 * together, and each kind keeps its number of blocks. (Efron and Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapters 8 and 13: resampling whole blocks, percentile interval.)
 * @param options.resamples default 2,000 @param options.level of one resource; default
 * 1 - 0.05 / 5 = 0.99
 */
export function blockBootstrap(options: {
  costs: readonly PairedCost[];
  random: SeededRandom;
  resamples?: number;
  level?: number;
}): GainInterval {
  const { costs, random, resamples = 2000, level = 1 - 0.05 / resourcesJudged } = options;
  assert(costs.length > 0, 'no costs to compare');
  const kinds = [...Map.groupBy(costs, ({ kind }) => kind)].map(([kind, own]) => ({
    kind,
    gain: gainOf(sumOf(own)),
    blocks: [...Map.groupBy(own, ({ block }) => block).values()].map(sumOf),
  }));
  const gains = Float64Array.from({ length: resamples }, () => {
    const sums = { cost: 0, otherCost: 0 };
    for (const { blocks } of kinds) {
      for (let draw = 0; draw < blocks.length; draw++) {
        const block = blocks[Math.floor(random.float() * blocks.length)] as Sums;
        sums.cost += block.cost;
        sums.otherCost += block.otherCost;
      }
    }
    return gainOf(sums);
  }).sort();
  const at = (q: number) => gains[Math.min(resamples - 1, Math.floor(q * resamples))] as number;
  const worst = kinds.reduce((one, other) => (other.gain < one.gain ? other : one));
  return {
    gain: gainOf(sumOf(costs)),
    low: at((1 - level) / 2),
    high: at((1 + level) / 2),
    blocks: kinds.reduce((sum, { blocks }) => sum + blocks.length, 0),
    gainByKind: Object.fromEntries(kinds.map(({ kind, gain }) => [kind, gain])),
    worstKind: worst.kind,
  };
}

interface Sums {
  cost: number;
  otherCost: number;
}

function sumOf(parts: readonly Sums[]): Sums {
  const sums = { cost: 0, otherCost: 0 };
  for (const part of parts) {
    sums.cost += part.cost;
    sums.otherCost += part.otherCost;
  }
  return sums;
}

/** A ratio of nothing to nothing counts as 1: no gain. */
function gainOf({ cost, otherCost }: Sums): number {
  return cost === otherCost ? 0 : 1 - cost / otherCost;
}
