import { expect, it } from 'vitest';
import { sharedMemoryFigures } from './shared-memory-figures.ts';
import type { PolicyName } from './shared-memory-policies.ts';

function outcome(drops: Partial<Record<PolicyName, number>>) {
  const totals = (dropped: number) => ({
    drops: dropped,
    reserved: 0.5,
    occupied: 0.1,
    longestDelayMs: dropped / 10,
    changesPerMinute: 6,
  });
  return Object.fromEntries(
    Object.entries(drops).map(([name, dropped]) => [name, totals(dropped)]),
  );
}

it('pools the seeds, and measures the gap from Dynamic Thresholds to push-out', () => {
  const { metrics, baseline, notMeasured } = sharedMemoryFigures(
    [
      outcome({ reactive_split: 900, predictive_split: 90, dynamic_thresholds: 150, lqd: 10 }),
      outcome({ reactive_split: 100, predictive_split: 50, dynamic_thresholds: 250, lqd: 30 }),
    ],
    { prefix: 't3' },
  );
  expect(notMeasured).toMatchObject({
    t3_drops_vs_reactive_split_perfect: 'not played in this run',
    t3_gap_closed_statistical: 'not played in this run',
  });
  expect(metrics).toEqual({
    t3_drops_vs_reactive_split: 0.14,
    t3_gap_closed: (400 - 140) / (400 - 40),
  });
  expect(baseline).toMatchObject({
    t3_predictive_split_drops: 140,
    t3_predictive_split_drops_worst_seed: 90,
    t3_predictive_split_reserved: 0.5,
    t3_lqd_longest_delay_ms: 3,
    t3_drops_vs_reactive_split_worst_seed: 0.5,
  });
});

it('sets a policy that was run on some of the traces against the others on those', () => {
  const { metrics } = sharedMemoryFigures(
    [outcome({ reactive_split: 1000, perfect_split: 100 }), outcome({ reactive_split: 1000 })],
    { prefix: 't3' },
  );
  expect(metrics).toEqual({ t3_drops_vs_reactive_split_perfect: 0.1 });
});

it('gives no ratio where the baseline dropped next to nothing', () => {
  const { metrics, notMeasured } = sharedMemoryFigures(
    [outcome({ reactive_split: 99, predictive_split: 0, dynamic_thresholds: 40, lqd: 30 })],
    { prefix: 't3' },
  );
  expect(metrics).toEqual({});
  expect(notMeasured.t3_drops_vs_reactive_split).toMatch(/99 packets, fewer than 100/);
  expect(notMeasured.t3_gap_closed).toMatch(/apart by 10 packets/);
});
