import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { blockBootstrap, type PairedCost } from './block-bootstrap.ts';

/** Costs whose saving varies from block to block, 10 trials each. */
function draw(options: { blocks: number; gain: number; seed: number }): PairedCost[] {
  const random = new SeededRandom(options.seed);
  return Array.from({ length: options.blocks }, (_, block) => {
    const own = options.gain + random.normal(0, 0.2);
    return Array.from({ length: 10 }, () => {
      const otherCost = random.uniform(0.5, 1.5);
      const kind = block % 2 === 0 ? 'even' : 'odd';
      return { kind, block: `${block}`, cost: (1 - own) * otherCost, otherCost };
    });
  }).flat();
}

describe('blockBootstrap', () => {
  it('holds the true gain, and excludes none, about as often as it says', () => {
    let holds = 0;
    let excludes = 0;
    const runs = 150;
    for (let seed = 0; seed < runs; seed++) {
      const costs = draw({ blocks: 60, gain: 0.1, seed });
      const random = new SeededRandom(seed).fork('resamples');
      const { low, high } = blockBootstrap({ costs, random, resamples: 300, level: 0.9 });
      if (low <= 0.1 && 0.1 <= high) holds++;
      if (low > 0) excludes++;
    }
    expect(holds / runs).toBeGreaterThan(0.83);
    expect(holds / runs).toBeLessThan(0.96);
    expect(excludes / runs).toBeGreaterThan(0.95);
  });

  it('counts blocks, not trials: as many from fewer blocks are less sure', () => {
    const many = draw({ blocks: 60, gain: 0.1, seed: 1 });
    const few = many.map((cost) => ({ ...cost, block: `${Number(cost.block) % 12}` }));
    const width = (costs: PairedCost[]) => {
      const { low, high } = blockBootstrap({ costs, random: new SeededRandom(2) });
      return high - low;
    };
    const same = draw({ blocks: 6, gain: 0.1, seed: 1 }).flatMap((cost) =>
      Array.from({ length: 10 }, () => cost),
    );
    expect(width(same)).toBeGreaterThan(1.5 * width(many));
    expect(blockBootstrap({ costs: few, random: new SeededRandom(3) }).blocks).toBe(12);
  });

  it('is 99 % by default, repeats with its seed, and names the worst kind', () => {
    const costs = [
      ...draw({ blocks: 20, gain: 0.3, seed: 4 }),
      ...draw({ blocks: 20, gain: 0.1, seed: 5 }).map((cost) => ({ ...cost, kind: 'poor' })),
    ];
    const result = blockBootstrap({ costs, random: new SeededRandom(6) });
    expect(result).toEqual(blockBootstrap({ costs, random: new SeededRandom(6) }));
    const narrow = blockBootstrap({ costs, random: new SeededRandom(6), level: 0.95 });
    expect(result.high - result.low).toBeGreaterThan(narrow.high - narrow.low);
    expect(result).toMatchObject({ worstKind: 'poor', blocks: 40 });
    expect(result.gain).toBeGreaterThan(result.gainByKind.poor as number);
  });

  it('sees no gain where nothing differs', () => {
    const costs = draw({ blocks: 8, gain: 0, seed: 7 }).map((pair) => ({
      ...pair,
      cost: pair.otherCost,
    }));
    const { gain, low, high } = blockBootstrap({ costs, random: new SeededRandom(8) });
    expect([gain, low, high]).toEqual([0, 0, 0]);
  });
});
