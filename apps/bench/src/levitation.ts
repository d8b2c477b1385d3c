import type { Bench, BenchKey } from './bench.ts';
import { allNotMeasured, joinFigures } from './report.ts';

const KEYS: readonly BenchKey[] = [
  { key: 't1_kernel_drops_reactive', meaning: 'packets the real queue dropped, reactive lanes' },
  { key: 't1_kernel_drops_predictive', meaning: 'the same, predictive lanes' },
  { key: 't1_drops_vs_static_default', meaning: 'predictive / static 512 KB', atMost: 0.05 },
  { key: 't1_drops_vs_reactive', meaning: 'predictive / reactive, hold 10 s', atMost: 0.05 },
  {
    key: 't1_infeasible_drops_vs_oracle',
    meaning: 'bursts no queue within the budget can hold',
    atMost: 1.05,
  },
  { key: 't1_drops_vs_static_at_budget', meaning: 'predictive / always all of the budget' },
  { key: 't1_seed_drops_vs_reactive', meaning: 'the seed document’s pattern' },
  { key: 't1_memoryless_drops_vs_reactive', meaning: 'ramps at gaps without a rule' },
  { key: 't1_drops_vs_reactive_hold35', meaning: 'predictive / reactive, hold 35 s' },
  { key: 't1_p99_delay_ms', meaning: 'predictive lanes', atMost: 150 },
  { key: 't1_avg_delay_ms', meaning: 'predictive lanes' },
  {
    key: 't1_reserved_vs_static_at_budget',
    meaning: 'limit x time / always all of the budget',
    atMost: 0.5,
  },
  {
    key: 't1_kernel_drops_predictive_statistical',
    meaning: 'predictive lanes without the learned model',
  },
  {
    key: 't1_drops_vs_static_default_statistical',
    meaning: 'the same, without the learned model',
  },
  { key: 't1_drops_vs_reactive_statistical', meaning: 'the same, without the learned model' },
  {
    key: 't1_memoryless_drops_vs_reactive_statistical',
    meaning: 'the same, without the learned model',
  },
  {
    key: 't1_reserved_vs_static_at_budget_statistical',
    meaning: 'without the learned model, feasible bursts',
  },
  { key: 't2_goodput_vs_best_static', meaning: 'with reacting TCP flows', atLeast: 0.95 },
  { key: 't2_p99_delay_ms', meaning: 'with reacting TCP flows', atMost: 150 },
  { key: 't3_drops_vs_reactive_split', meaning: 'eight queues, one memory', atMost: 0.8 },
  { key: 't3_gap_closed', meaning: 'from Dynamic Thresholds to push-out LQD' },
  ...[
    ['statistical', 'without the learned model'],
    ['perfect', 'bound: forecasts that are right'],
  ].flatMap(([suffix, meaning]) => [
    { key: `t3_drops_vs_reactive_split_${suffix}`, meaning: `the same, ${meaning}` },
    { key: `t3_gap_closed_${suffix}`, meaning: `the same, ${meaning}` },
  ]),
  {
    key: 't3_real_drops_vs_reactive_split',
    meaning: 'eight real queues a policy, one memory each',
  },
  {
    key: 't3_simulated_drops_vs_reactive_split_same_traffic',
    meaning: 'the simulator with the packets of the real queues',
  },
  { key: 't4_1s_drops_vs_reactive', meaning: 'slow resource, predictable bursts', atMost: 0.01 },
  {
    key: 't4_1s_drops_vs_reactive_statistical',
    meaning: 'the same, without the learned model',
  },
  {
    key: 't4_1s_reserved_vs_static_max',
    meaning: 'slow resource, predictable bursts',
    atMost: 0.6,
  },
  {
    key: 't4_1s_rejects_vs_tuned_reactive',
    meaning: 'real requests, equal reserve, 1 s',
    atMost: 0.75,
  },
  {
    key: 't4_5s_rejects_vs_tuned_reactive',
    meaning: 'real requests, equal reserve, 5 s',
    atMost: 0.75,
  },
  ...[1, 5].flatMap((delay) => [
    {
      key: `t4_${delay}s_rejects_statistical`,
      meaning: `the same without the learned model, ${delay} s`,
    },
    {
      key: `t4_${delay}s_rejects_rate_known`,
      meaning: `bound: knows the rate, not the chance of a second, ${delay} s`,
    },
    {
      key: `t4_${delay}s_rejects_oracle`,
      meaning: `bound: knows every request until capacity is usable, ${delay} s`,
    },
  ]),
  {
    key: 'unpredictable_cost_vs_reactive',
    meaning: 'random and self-similar traffic',
    atMost: 1.05,
  },
  {
    key: 'gain_real_over_perfect',
    meaning: 'ablation: real forecasts / perfect ones',
    atLeast: 0.75,
  },
  {
    key: 'gain_shuffled_over_perfect',
    meaning: 'ablation: shuffled forecasts / perfect ones',
    atLeast: -0.05,
    atMost: 0.05,
  },
  { key: 'unpredictable_cost_vs_reactive_statistical', meaning: 'without the learned model' },
  { key: 'gain_real_over_perfect_statistical', meaning: 'without the learned model' },
  { key: 'gain_shuffled_over_perfect_statistical', meaning: 'without the learned model' },
];

/** Drops, delay and reserve with forecasts and without, on every track there is (SPEC 12). */
export const levitation: Bench = {
  name: 'levitation',
  summary:
    'what forecasts save: real kernel queues (as root), a shared memory, a slow pool, requests',
  keys: KEYS,
  async run(context) {
    const later = (prefix: string, reason: string) =>
      allNotMeasured(
        KEYS.map(({ key }) => key).filter((key) => key.startsWith(prefix)),
        reason,
      );
    // Loaded when they run, so that help and wrong arguments need not wait for them.
    const { measureSimulatedTracks } = await import('./levitation/simulated-tracks.ts');
    const { measureKernelSplit } = await import('./levitation/kernel-split.ts');
    const { measureKernelLanes } = await import('./levitation/kernel-lanes.ts');
    // One after the other: what runs in the kernel needs the machine for itself.
    const simulated = await measureSimulatedTracks(context);
    const { servedBy: t4, ...slow } = simulated.slow;
    const split = await measureKernelSplit(context);
    const { pictures, servedBy: t1, ...lanes } = await measureKernelLanes(context);
    const figures = joinFigures([
      lanes,
      split,
      simulated.shared,
      slow,
      simulated.requests,
      { metrics: {}, baseline: {}, environment: { servedBy: { t1, t4 } }, notMeasured: {} },
      later('t2_', 'needs the WAN emulator, which does not exist yet'),
    ]);
    return { ...figures, pictures };
  },
};
