import { SeededRandom } from '@levitate/clock';
import type { WeightedCosts } from '@levitate/queueing';
import { describe, expect, it } from 'vitest';
import { raceSizes } from './static-race.ts';

const sizes = [10, 20, 30, 40, 50, 60, 70, 80];

/** Too little costs much in every `rare`th trial, too much a little in all of them. */
function racing(options: { need: number; rare: number }) {
  let runs = 0;
  const random = new SeededRandom(1);
  const noise = Array.from({ length: 1000 }, () => random.uniform(0, 0.02));
  const costOf = (size: number, trial: number): WeightedCosts => {
    const missing = trial % options.rare === 0 ? Math.max(0, options.need - size) : 0;
    const standard = size / 50 + missing + (noise[trial] as number);
    return { standard, alt1: standard + 2 * missing, alt2: standard + (2 * size) / 50 };
  };
  return {
    runs: () => runs,
    run: async (chosen: readonly number[], { from, to }: { from: number; to: number }) => {
      runs += chosen.length * (to - from);
      return chosen.map((size) =>
        Array.from({ length: to - from }, (_, index) => costOf(size, from + index)),
      );
    },
  };
}

describe('raceSizes', () => {
  it('finds the size with the least mean cost without running all of them to the end', async () => {
    const { run, runs } = racing({ need: 50, rare: 1 });
    const { best, finalists } = await raceSizes({
      sizes,
      lengths: { look: 5, heats: [20], final: 200 },
      run,
    });
    expect(best).toEqual({ standard: 50, alt1: 50, alt2: 50 });
    expect(finalists).toContain(60);
    expect(runs()).toBeLessThan(sizes.length * 200 * 0.6);
  });

  it('comes back up from a size whose losses are too rare for the first looks', async () => {
    const lengths = { look: 5, heats: [20], final: 400 };
    const { run } = racing({ need: 70, rare: 37 });
    // The first trial of all has a loss: as a look would that has none, begin behind it.
    const late: typeof run = (chosen, { from, to }) => run(chosen, { from: from + 1, to: to + 1 });
    const { best, meanCost } = await raceSizes({ sizes, lengths, run: late });
    // Ten more in reserve cost 0.2 in all trials, and save 10 or 30 in one of 37.
    expect(best).toEqual({ standard: 70, alt1: 70, alt2: 10 });
    expect(meanCost.standard).toBeCloseTo(1.41, 2);
  });
});
